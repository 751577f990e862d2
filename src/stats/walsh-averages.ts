/**
 * Walsh averages: the means of all pairs of differences, each with itself included. Their median is the
 * Hodges-Lehmann estimate, their order statistics are the bounds that belong to the signed-rank test.
 */

export interface WalshAverages {
  /** The number of differences they were made from. */
  readonly n: number;
  /** All n(n+1)/2 averages, ascending. */
  readonly sorted: Float64Array;
}

/** `(d_i + d_j) / 2` for every i ≤ j, sorted. */
export function walshAverages(differences: readonly number[]): WalshAverages {
  const n = differences.length;
  const averages = new Float64Array((n * (n + 1)) / 2);
  let filled = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      averages[filled++] = ((differences[i] as number) + (differences[j] as number)) / 2;
    }
  }
  return { n, sorted: averages.sort() };
}

/** The median of the Walsh averages (Hodges & Lehmann 1963), in the unit of the differences; null without any. */
export function hodgesLehmann({ sorted }: WalshAverages): number | null {
  if (sorted.length === 0) return null;
  const upper = sorted[sorted.length >> 1] as number;
  const lower = sorted[(sorted.length - 1) >> 1] as number;
  return (lower + upper) / 2;
}
