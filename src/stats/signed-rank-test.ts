/**
 * The exact Wilcoxon signed-rank test. It asks only that each difference has a fair random sign under the
 * hypothesis; the coin that orders the arms of a block gives just that, whatever the noise does.
 */
import { rankSumDistribution } from "./rank-sum-distribution.js";
import { signedRanks } from "./signed-ranks.js";

export interface SignedRankTest {
  /** `P(W⁺ ≥ w)`: small when the differences lie above theta. */
  readonly pGreater: number;
  /** `P(W⁺ ≤ w)`: small when the differences lie below theta. */
  readonly pLess: number;
}

/**
 * Both one-sided p-values of "the differences are symmetric about `theta`", from the exact distribution given
 * the ranks at hand: it stays exact with ties and zeros (docs/statistics.md, Estimators). Without any difference
 * off theta both are 1.
 */
export function signedRankTest(differences: readonly number[], theta: number): SignedRankTest {
  const { doubledRanks, doubledPositiveSum } = signedRanks(differences, theta);
  const probability = rankSumDistribution(doubledRanks);
  return {
    pGreater: Math.min(1, sum(probability.subarray(doubledPositiveSum))),
    pLess: Math.min(1, sum(probability.subarray(0, doubledPositiveSum + 1))),
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
