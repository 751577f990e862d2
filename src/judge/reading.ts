/**
 * What a pairing reads, without a verdict: the estimate and its 95 % interval. Enough for progress and for the
 * metrics that are shown and not judged.
 */
import { isByDifference } from "../scenario/metric.js";
import { standardError } from "../stats/resolution.js";
import { hodgesLehmann, type WalshAverages } from "../stats/walsh-averages.js";
import { type Interval, walshBounds } from "../stats/walsh-bounds.js";
import { type Pairing, worseSign } from "./series/log-ratios.js";

/** One tail of a two-sided 95 % interval. */
const ci95Tail = 0.025;

export interface Reading extends Pairing {
  /** Blocks with a ratio. */
  readonly n: number;
  /** Hodges-Lehmann estimate of the log ratio, or of the difference, above 0 = worse; null without blocks. */
  readonly estimate: number | null;
  /** Its two-sided 95 % bounds, uncorrected: for reading the size. The verdict does not come from them. */
  readonly ci95: Interval;
  /** The estimate as candidate / baseline, as measured: for throughput above 1 = better; null for a difference. */
  readonly ratio: number | null;
  readonly ratioCi95: Interval;
  /** Standard error of the log ratio, from the width of `ci95`. */
  readonly se: number | null;
}

export function read({ baseline, candidate, metric }: Pairing, averages: WalshAverages): Reading {
  const estimate = hodgesLehmann(averages);
  const ci95 = walshBounds(averages, ci95Tail, ci95Tail);
  return {
    baseline,
    candidate,
    metric,
    n: averages.n,
    estimate,
    ci95,
    ratio: asMeasured(estimate, metric),
    ratioCi95: ratioInterval(ci95, metric),
    se: standardError(ci95),
  };
}

/** Turning back the sign of a higher-is-better metric swaps the ends. */
function ratioInterval({ low, high }: Interval, metric: string): Interval {
  const ends = { low: asMeasured(low, metric), high: asMeasured(high, metric) };
  return worseSign(metric) === 1 ? ends : { low: ends.high, high: ends.low };
}

function asMeasured(logRatio: number | null, metric: string): number | null {
  return logRatio === null || isByDifference(metric) ? null : Math.exp(worseSign(metric) * logRatio);
}
