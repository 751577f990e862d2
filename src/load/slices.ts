/**
 * The measured window in slices, each with histograms of its own: a hiccup of the machine spoils one of them and leaves
 * the others as they are (docs/statistics.md, Estimators). A message belongs to the slice in which its send was due.
 */
import { LatencyRecorder } from "../base/latency-recorder.js";
import { usualSliceS } from "../scenario/messages-needed.js";
import { type SlicedSeries, slicedSeries } from "../scenario/metric.js";
import type { SliceReport, SlicesReport } from "./slice-report.js";

const usualLengthNs = usualSliceS * 1e9;
/** A longer window has longer slices: what is recorded of each takes up to 270 kB. */
const mostSlices = 100;

/**
 * What is recorded of all slices lies in one array a series, for a message is to touch no more than it must: with a
 * recorder for each series of each slice it cost a third more here (bench/recorder-cost.js).
 */
export class Slices {
  #recorders = recordersOf(1);
  /** By slice: the longest that a message waited to be sent, or a reply to be seen. */
  #generatorGapNs = new Float64Array(1);
  /** By slice: the longest that the backend took; -1 where it tells nothing. */
  #backendGapNs = new Float64Array(1).fill(-1);
  #firstNs = 0;
  #lengthNs = Number.POSITIVE_INFINITY;
  /** The slice of the last message, where most of the next are. */
  #current = 0;
  #currentFromNs = Number.NEGATIVE_INFINITY;
  #currentToNs = Number.POSITIVE_INFINITY;

  /** @param isWhole leaves the window in one piece */
  begin(window: { readonly measureNs: number; readonly endNs: number }, isWhole: boolean): void {
    const windowNs = window.endNs - window.measureNs;
    this.#firstNs = window.measureNs;
    this.#lengthNs = isWhole ? windowNs : Math.max(usualLengthNs, windowNs / mostSlices);
    // An integer's worth of slices is not to become one more by rounding.
    const count = Math.max(1, Math.ceil(windowNs / this.#lengthNs - 1e-6));
    this.#recorders = recordersOf(count);
    this.#generatorGapNs = new Float64Array(count);
    this.#backendGapNs = new Float64Array(count).fill(-1);
    this.#moveTo(0);
  }

  /** The number of the slice of a message that was due then, within the window. */
  at(intendedNs: number): number {
    if (intendedNs < this.#currentFromNs || intendedNs >= this.#currentToNs) {
      const index = Math.floor((intendedNs - this.#firstNs) / this.#lengthNs);
      this.#moveTo(Math.min(index, this.#generatorGapNs.length - 1));
    }
    return this.#current;
  }

  /**
   * What came of a message of a slice.
   * @param stampNs when the kernel received the reply, or NaN
   * @param isOpen whether messages are due by a schedule, and the response a series of its own
   */
  answered(
    slice: number,
    intendedNs: number,
    sentNs: number,
    nowNs: number,
    stampNs: number,
    isOpen: boolean,
  ): void {
    const { roundTrip, wire, response } = this.#recorders;
    roundTrip.record(nowNs - sentNs, slice);
    const isStamped = !Number.isNaN(stampNs);
    if (isStamped) wire.record(stampNs - sentNs, slice);
    if (isOpen) response.record(nowNs - intendedNs, slice);
    const waitedNs = sentNs - intendedNs;
    const unseenNs = isStamped ? nowNs - stampNs : 0;
    const gapNs = waitedNs > unseenNs ? waitedNs : unseenNs;
    if (gapNs > (this.#generatorGapNs[slice] as number)) this.#generatorGapNs[slice] = gapNs;
  }

  backendTook(slice: number, spanNs: number): void {
    if (spanNs > (this.#backendGapNs[slice] as number)) this.#backendGapNs[slice] = spanNs;
  }

  /** A series of all slices together. */
  whole(series: SlicedSeries): LatencyRecorder {
    return this.#recorders[series];
  }

  clear(): void {
    for (const series of slicedSeries) this.#recorders[series].clear();
  }

  toReport(): SlicesReport {
    return {
      lengthNs: this.#lengthNs,
      slices: Array.from(this.#generatorGapNs, (generatorGapNs, slice): SliceReport => {
        const backendGapNs = this.#backendGapNs[slice] as number;
        const pairs = slicedSeries.map((series) => [series, this.#recorders[series].toPairs(slice)]);
        return {
          pairs: Object.fromEntries(pairs) as Record<SlicedSeries, Uint32Array>,
          generatorGapNs,
          backendGapNs: backendGapNs < 0 ? null : backendGapNs,
        };
      }),
    };
  }

  #moveTo(slice: number): void {
    this.#current = slice;
    this.#currentFromNs = this.#firstNs + slice * this.#lengthNs;
    this.#currentToNs = this.#currentFromNs + this.#lengthNs;
  }
}

function recordersOf(slices: number): Readonly<Record<SlicedSeries, LatencyRecorder>> {
  return {
    roundTrip: new LatencyRecorder(slices),
    response: new LatencyRecorder(slices),
    wire: new LatencyRecorder(slices),
  };
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
