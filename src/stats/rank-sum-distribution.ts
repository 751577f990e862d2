/**
 * The exact distribution of a sum of ranks of which each is taken or left by a fair coin: the null distribution
 * of the signed-rank statistic. Built by recurrence, so it needs no sampling and is the same on every machine.
 */

/**
 * `P(sum = w)` for w = 0 up to the sum of `ranks`, as an array indexed by w.
 *
 * Recurrence of Wilcoxon (1947): c ← (c + shift(c, r)) / 2, one rank after the other. Halving at every step
 * keeps probabilities instead of counts; it is exact in binary and cannot overflow.
 *
 * @param ranks whole numbers ≥ 1 (doubled mid-ranks, where there are ties); their order does not matter
 */
export function rankSumDistribution(ranks: readonly number[]): Float64Array {
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const probability = new Float64Array(total + 1);
  probability[0] = 1;
  let reached = 0;
  for (const rank of ranks) {
    reached += rank;
    // Downwards, so that c[w − r] is still the value of the step before.
    for (let w = reached; w >= rank; w--) {
      probability[w] = ((probability[w] as number) + (probability[w - rank] as number)) / 2;
    }
    for (let w = Math.min(rank, reached + 1) - 1; w >= 0; w--) {
      probability[w] = (probability[w] as number) / 2;
    }
  }
  return probability;
}
