/**
 * A trial's window slice by slice: the tail of each, and what stood still beside the proxy meanwhile. Slices of few
 * messages are joined, until each holds enough for a p99 (docs/statistics.md, Estimators).
 */
import { highestValueAt } from "../base/histogram-buckets.js";
import type { SlicesReport } from "../load/slice-report.js";
import { joinSlices } from "../load/slices.js";
import { leastSlices, sliceLengthS, sliceMessages } from "../scenario/messages-needed.js";
import type { SlicedSeries } from "../scenario/metric.js";
import { middleOf } from "../stats/middle-of.js";

export interface TrialSlices {
  readonly lengthNs: number;
  /** Of each slice, in nanoseconds; null where it holds too few values. */
  readonly p50Ns: Readonly<Record<SlicedSeries, readonly (number | null)[]>>;
  readonly p99Ns: Readonly<Record<SlicedSeries, readonly (number | null)[]>>;
  /** Replies to its messages. */
  readonly messages: readonly number[];
  /** The longest that a message waited in the generator. */
  readonly generatorGapNs: readonly number[];
  /** The longest that the backend took over one; null where it does not tell. */
  readonly backendGapNs: readonly (number | null)[];
  /** Processor time that the hypervisor took, on all processors; null where nobody tells. */
  readonly stolenNs: readonly (number | null)[];
}

export interface SliceWish {
  readonly measureNs: number;
  readonly endNs: number;
  /** What the load comes to, offered or carried. */
  readonly messagesPerS: number;
  readonly stolenNs: (fromNs: number, toNs: number) => number | null;
  /** Whether a slice that begins then, in nanoseconds since the window opened, is one of its own. */
  readonly owns: (sinceNs: number) => boolean;
}

/** Fewer than half of what a slice is to hold: arrivals by chance do not come to that. */
const leastValues = sliceMessages / 2;
/** Keeps ten slices from becoming nine by rounding. */
const tolerance = 1e-6;

/** What is left over at the window's end is in no slice. @returns null without a message, for no length holds enough of none */
export function toTrialSlices({ lengthNs, slices }: SlicesReport, wish: SliceWish): TrialSlices | null {
  const { measureNs, endNs, messagesPerS, stolenNs, owns } = wish;
  if (messagesPerS === 0) return null;
  const joined = Math.max(1, Math.ceil((sliceLengthS(messagesPerS) * 1e9) / lengthNs - tolerance));
  const whole = Math.floor((endNs - measureNs) / lengthNs + tolerance);
  const own = Array.from({ length: Math.floor(whole / joined) }, (_, index) => index).filter((index) =>
    owns(index * joined * lengthNs),
  );
  const parts = own.map((index) => joinSlices(slices.slice(index * joined, (index + 1) * joined)));
  const sorted = (series: SlicedSeries) => parts.map(({ pairs }) => sortedBuckets(pairs[series]));
  const [roundTrip, response, wire] = [sorted("roundTrip"), sorted("response"), sorted("wire")];
  const ofAll = (quantile: number) => {
    const told = (buckets: readonly Buckets[]) => buckets.map((one) => quantileOf(one, quantile));
    return { roundTrip: told(roundTrip), response: told(response), wire: told(wire) };
  };
  const edge = (index: number): number => measureNs + index * joined * lengthNs;
  return {
    lengthNs: joined * lengthNs,
    p50Ns: ofAll(0.5),
    p99Ns: ofAll(0.99),
    messages: roundTrip.map(countOf),
    generatorGapNs: parts.map(({ generatorGapNs }) => generatorGapNs),
    backendGapNs: parts.map(({ backendGapNs }) => backendGapNs),
    stolenNs: own.map((index) => stolenNs(edge(index), edge(index + 1))),
  };
}

/**
 * The median of the slices' p99: the tail of a typical slice, which a hiccup in one of them does not move.
 * @returns nanoseconds; null where fewer than five slices tell theirs
 */
export function steadyP99(p99Ns: readonly (number | null)[]): number | null {
  const known = p99Ns.filter((value) => value !== null);
  return known.length < leastSlices ? null : middleOf(known);
}

type Buckets = readonly { readonly bucket: number; readonly count: number }[];

/** The lowest first. @param flat a bucket and its count, in turns */
function sortedBuckets(flat: Uint32Array): Buckets {
  return Array.from({ length: flat.length / 2 }, (_, index) => ({
    bucket: flat[2 * index] as number,
    count: flat[2 * index + 1] as number,
  })).sort((a, b) => a.bucket - b.bucket);
}

function countOf(buckets: Buckets): number {
  return buckets.reduce((sum, { count }) => sum + count, 0);
}

/** Nearest rank. */
function quantileOf(buckets: Buckets, quantile: number): number | null {
  const total = countOf(buckets);
  if (total < leastValues) return null;
  let left = Math.ceil(quantile * total - tolerance);
  const found = buckets.find(({ count }) => {
    left -= count;
    return left <= 0;
  });
  return found === undefined ? null : highestValueAt(found.bucket);
}
