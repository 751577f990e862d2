/** What a thread reports of the measured window, piece by piece. */
import type { SlicedSeries } from "../scenario/metric.js";

/** A piece of the measured window. */
export interface SliceReport {
  /** Pairs of a histogram's bucket and its count. */
  readonly pairs: Readonly<Record<SlicedSeries, Uint32Array>>;
  /** The longest that a message waited here to be sent, or a reply to be seen. */
  readonly generatorGapNs: number;
  /** The longest that the backend took over a message; null where it does not tell. */
  readonly backendGapNs: number | null;
}

export interface SlicesReport {
  readonly lengthNs: number;
  /** One after the other from the window's start; the last may be cut short by its end. */
  readonly slices: readonly SliceReport[];
}
