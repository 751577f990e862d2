/**
 * The exact interval of a median from order statistics (the inverted sign test): no assumption about the shape of the
 * noise, only that values lie above and below the median by fair and independent coins.
 */
import { fairCoinTail } from "./fair-coin-tail.js";
import type { Interval } from "./walsh-bounds.js";

/**
 * The k-th smallest and the k-th greatest value, with the greatest k for which each misses the median with a chance of
 * at most `tail`: `P(Bin(n, ½) ≤ k − 1) ≤ tail`. Null on both sides when there are too few values.
 *
 * @param values in any order
 * @param tail one-sided level, above 0 and below ½
 */
export function medianInterval(values: readonly number[], tail: number): Interval {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  let k = 0;
  // By symmetry P(X ≤ k) is P(X ≥ n − k).
  while (k < n / 2 && fairCoinTail(n - k, n) <= tail) k++;
  return { low: sorted[k - 1] ?? null, high: sorted[n - k] ?? null };
}
