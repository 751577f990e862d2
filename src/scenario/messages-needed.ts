/**
 * How many messages a window must hold for a percentile, and how long a window may get for them (docs/statistics.md,
 * Trial plan).
 */
import { valuesBeyondPercentile } from "../base/latency-histogram.js";

/** The longest window, in seconds, where its length was not given. */
export const longestWindowS = 5;

/** A quantile q that is to be compared needs this many messages over (1 − q). */
const messagesBeyondQuantile = 50;

/** Values without which a quantile is not told at all. */
export function valuesToTell(quantile: number): number {
  return Math.round(valuesBeyondPercentile / (1 - quantile));
}

/** Messages needed for a comparison of this quantile. */
export function quantileNeeds(quantile: number): number {
  // Rounded, or 50 / (1 − 0.99) comes out a little above 5,000.
  return Math.round(messagesBeyondQuantile / (1 - quantile));
}

/** A window is looked at in slices this long, in seconds, or longer until one holds `sliceMessages`. */
export const usualSliceS = 0.1;
export const sliceMessages = 500;
/** Slices without which nothing is said of a typical one. */
export const leastSlices = 5;

/** How long slices are, in seconds, under a load of so many messages a second. */
export function sliceLengthS(messagesPerS: number): number {
  return usualSliceS * Math.max(1, Math.ceil(sliceMessages / (messagesPerS * usualSliceS) - 1e-9));
}

/** The shortest window, in seconds, in which a typical slice can be told. */
export function steadyWindowS(messagesPerS: number): number {
  return leastSlices * sliceLengthS(messagesPerS);
}
