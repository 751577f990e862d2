/**
 * Confidence bounds for the centre of the differences: the thetas that the signed-rank test does not reject.
 */
import { rankSumDistribution } from "./rank-sum-distribution.js";
import type { WalshAverages } from "./walsh-averages.js";

/** A range whose ends may be missing: null where the data give no bound at the level asked. */
export interface Interval {
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * How many Walsh averages from an end a bound lies: the number of w ≥ 0 with `P(W⁺ ≤ w) ≤ level`, by the exact
 * distribution without ties. 0 means that n differences cannot give a bound at this level.
 *
 * @param level the one-sided error of the bound, in (0, 0.5]
 * @throws RangeError when the level is outside
 */
export function walshBoundRank(n: number, level: number): number {
  if (!(level > 0 && level <= 0.5)) {
    throw new RangeError(`Cannot take a bound at the one-sided level "${level}": it must be in (0, 0.5]`);
  }
  const probability = untiedDistribution(n);
  let rank = 0;
  let cumulative = 0;
  for (const share of probability) {
    cumulative += share;
    if (cumulative > level) break;
    rank++;
  }
  return rank;
}

/** The one-sided lower bound at `lowLevel` and the one-sided upper bound at `highLevel`. */
export function walshBounds(averages: WalshAverages, lowLevel: number, highLevel: number): Interval {
  const { n, sorted } = averages;
  const lowRank = walshBoundRank(n, lowLevel);
  const highRank = highLevel === lowLevel ? lowRank : walshBoundRank(n, highLevel);
  return {
    low: lowRank === 0 ? null : (sorted[lowRank - 1] ?? null),
    high: highRank === 0 ? null : (sorted[sorted.length - highRank] ?? null),
  };
}

function untiedDistribution(n: number): Float64Array {
  return rankSumDistribution(Array.from({ length: n }, (_, index) => index + 1));
}
