/** A verdict on one metric of one candidate, with everything it rests on. Plain data: it is stored as it is. */
import type { Interval } from "../../stats/walsh-bounds.js";
import type { Reading } from "../reading.js";

export type Verdict = "better" | "worse" | "equivalent" | "inconclusive";
export type Direction = "better" | "worse";

/**
 * Why there can be no verdict, whatever the numbers say. `lost-trials`: too many blocks are out, or too much on
 * one side; `missing-values`: the same of this metric's values; `not-measured`: no block has a value of both arms;
 * `too-few-blocks`: fewer than the plan's minimum.
 */
export type InconclusiveReason = "too-few-blocks" | "lost-trials" | "missing-values" | "not-measured";

export interface Comparison extends Reading {
  readonly verdict: Verdict;
  /** Why it had to be inconclusive; empty when the numbers themselves decided, or could not. */
  readonly reasons: readonly InconclusiveReason[];
  /** The side that was proven after correction; an `equivalent` keeps it ("+1.6 %, real, within 5 %"). */
  readonly direction: Direction | null;
  /** The ratio minus 1 that counts as equivalent. */
  readonly margin: number;
  /** Exact one-sided p-values, uncorrected. */
  readonly pWorse: number;
  readonly pBetter: number;
  /** The greater of the two one-sided p-values against the margin. */
  readonly pEquivalent: number;
  /** Holm-adjusted over the family: worse at family level A means `adjustedWorse ≤ A`. */
  readonly adjustedWorse: number;
  readonly adjustedBetter: number;
  /** The one-sided levels the comparison was tested at. */
  readonly levelWorse: number;
  readonly levelBetter: number;
  /** Log-ratio bounds at those levels: low at `levelWorse`, high at `levelBetter`. */
  readonly decision: Interval;
  /** Log-ratio bounds at the level of the equivalence tests: within the margin exactly where both reject (but for ties). */
  readonly equivalence: Interval;
  /** The slowdown (0.05 = 5 %) this run would have caught four times in five; null without an interval. */
  readonly mde80: number | null;
  /** About how many blocks it takes to see a slowdown of `margin`; null without an interval, or when none would. */
  readonly blocksToSeeMargin: number | null;
}
