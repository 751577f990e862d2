/** The upper tail of a fair coin's binomial distribution: are these losses all on one side by chance? */

/**
 * `P(X ≥ heads)` of `tosses` fair tosses.
 *
 * @param heads a whole number, 0 … tosses; above `tosses` the answer is 0
 */
export function fairCoinTail(heads: number, tosses: number): number {
  let probability = 0.5 ** tosses;
  let tail = 0;
  // Downwards from all heads: the smallest terms first, P(k − 1) = P(k) · k / (tosses − k + 1).
  for (let k = tosses; k >= Math.max(0, heads); k--) {
    tail += probability;
    probability *= k / (tosses - k + 1);
  }
  return Math.min(1, tail);
}
