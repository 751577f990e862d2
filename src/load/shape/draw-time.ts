/** Draws one of many times. */
import type { Prng } from "../../base/prng.js";
import type { TimeSpread } from "../../scenario/time-spread.js";

/** @returns nanoseconds */
export function drawNs(spread: TimeSpread, prng: Prng): number {
  const share = prng.nextFloat();
  const seconds =
    spread.kind === "exponential"
      ? -spread.meanS * Math.log(1 - share)
      : spread.leastS + share * (spread.mostS - spread.leastS);
  return seconds * 1e9;
}

/** What is left, at any moment, of the one under way of many such times in a row. @returns nanoseconds */
export function drawRestNs(spread: TimeSpread, prng: Prng): number {
  // Of exponential times none has grown old.
  if (spread.kind === "exponential") return drawNs(spread, prng);
  // Twice as long, it is twice as often the one that is met.
  const { leastS, mostS } = spread;
  const wholeS = Math.sqrt(leastS ** 2 + prng.nextFloat() * (mostS ** 2 - leastS ** 2));
  return prng.nextFloat() * wholeS * 1e9;
}
