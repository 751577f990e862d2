/**
 * The measured window in slices, each with histograms of its own: a hiccup of the machine spoils one of them and leaves
 * the others as they are (docs/statistics.md, Estimators). A message belongs to the slice in which its send was due.
 */
import { LatencyRecorder } from "../base/latency-recorder.js";
import { usualSliceS } from "../scenario/messages-needed.js";
import { type SlicedSeries, slicedSeries } from "../scenario/metric.js";
import type { SliceReport, SlicesReport } from "./messages.js";

const usualLengthNs = usualSliceS * 1e9;
/** A longer window has longer slices: each takes up to 270 kB. */
const mostSlices = 100;

/** What was recorded of one piece. */
export class Slice {
  readonly roundTrip = new LatencyRecorder();
  readonly response = new LatencyRecorder();
  readonly wire = new LatencyRecorder();
  /** The longest that a message waited to be sent, or a reply to be seen. */
  generatorGapNs = 0;
  /** The longest that the backend took; -1 where it tells nothing. */
  backendGapNs = -1;

  readonly fromNs: number;
  readonly toNs: number;

  constructor(fromNs: number, toNs: number) {
    this.fromNs = fromNs;
    this.toNs = toNs;
  }

  /** What came of a message of this slice. @param stampNs when the kernel received the reply, or NaN */
  answered(intendedNs: number, sentNs: number, nowNs: number, stampNs: number): void {
    this.roundTrip.record(nowNs - sentNs);
    if (sentNs - intendedNs > this.generatorGapNs) this.generatorGapNs = sentNs - intendedNs;
    // False for NaN.
    if (nowNs - stampNs > this.generatorGapNs) this.generatorGapNs = nowNs - stampNs;
  }

  backendTook(spanNs: number): void {
    if (spanNs > this.backendGapNs) this.backendGapNs = spanNs;
  }

  toReport(): SliceReport {
    return {
      pairs: Object.fromEntries(slicedSeries.map((series) => [series, this[series].toPairs()])) as Record<
        SlicedSeries,
        Uint32Array
      >,
      generatorGapNs: this.generatorGapNs,
      backendGapNs: this.backendGapNs < 0 ? null : this.backendGapNs,
    };
  }
}

export class Slices {
  #all: Slice[] = [new Slice(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)];
  #current = this.#all[0] as Slice;
  #firstNs = 0;
  #lengthNs = Number.POSITIVE_INFINITY;

  /** @param isWhole leaves the window in one piece */
  begin(window: { readonly measureNs: number; readonly endNs: number }, isWhole: boolean): void {
    const windowNs = window.endNs - window.measureNs;
    this.#firstNs = window.measureNs;
    this.#lengthNs = isWhole ? windowNs : Math.max(usualLengthNs, windowNs / mostSlices);
    // An integer's worth of slices is not to become one more by rounding.
    const count = Math.max(1, Math.ceil(windowNs / this.#lengthNs - 1e-6));
    const edge = (index: number): number => window.measureNs + index * this.#lengthNs;
    this.#all = Array.from({ length: count }, (_, index) => new Slice(edge(index), edge(index + 1)));
    this.#current = this.#all[0] as Slice;
  }

  /** That of a message which was due then, within the window. Most are of the slice of the one before. */
  at(intendedNs: number): Slice {
    const current = this.#current;
    if (intendedNs >= current.fromNs && intendedNs < current.toNs) return current;
    const index = Math.floor((intendedNs - this.#firstNs) / this.#lengthNs);
    this.#current = (this.#all[index] ?? this.#all[this.#all.length - 1]) as Slice;
    return this.#current;
  }

  /** A series of all slices together. */
  whole(series: SlicedSeries): LatencyRecorder {
    const [first, ...others] = this.#all as [Slice, ...Slice[]];
    if (others.length === 0) return first[series];
    const sum = new LatencyRecorder();
    for (const slice of this.#all) sum.add(slice[series]);
    return sum;
  }

  clear(): void {
    for (const slice of this.#all) for (const series of slicedSeries) slice[series].clear();
  }

  toReport(): SlicesReport {
    return { lengthNs: this.#lengthNs, slices: this.#all.map((slice) => slice.toReport()) };
  }
}

/** What several threads recorded of one slice, or one thread of several. A bucket may have several pairs. */
export function joinSlices(parts: readonly SliceReport[]): SliceReport {
  const backend = parts.flatMap(({ backendGapNs }) => backendGapNs ?? []);
  const pairs = slicedSeries.map((series): [SlicedSeries, Uint32Array] => [
    series,
    Uint32Array.from(parts.flatMap((part) => [...part.pairs[series]])),
  ]);
  return {
    pairs: Object.fromEntries(pairs) as Record<SlicedSeries, Uint32Array>,
    generatorGapNs: Math.max(0, ...parts.map(({ generatorGapNs }) => generatorGapNs)),
    backendGapNs: backend.length === 0 ? null : Math.max(...backend),
  };
}
