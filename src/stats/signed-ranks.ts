/**
 * Ranks of absolute differences with their signs, as the signed-rank test wants them: mid-ranks for ties, and
 * zeros ranked first and then dropped (Pratt 1959), so that a zero still pushes the others up.
 */

interface SignedRanks {
  /** Twice the mid-rank of every difference that is not zero: whole numbers ≥ 2. */
  readonly doubledRanks: readonly number[];
  /** Twice W⁺: the sum of those that belong to positive differences. */
  readonly doubledPositiveSum: number;
}

/**
 * Ranks `differences − theta`; `theta` is the centre under the hypothesis, in the unit of the differences.
 *
 * Values tie when they are equal as floating-point numbers. ln(a/b) and −ln(b/a) may be an ulp apart and then do
 * not: the test stays valid, and the golden vectors are computed this way.
 */
export function signedRanks(differences: readonly number[], theta: number): SignedRanks {
  const shifted = differences.map((difference) => difference - theta);
  shifted.sort((a, b) => Math.abs(a) - Math.abs(b));
  const doubledRanks: number[] = [];
  let doubledPositiveSum = 0;
  let start = 0;
  while (start < shifted.length) {
    const end = endOfTie(shifted, start);
    // Ranks start+1 … end have the mean (start + 1 + end) / 2; doubled, it is whole.
    const doubledRank = start + 1 + end;
    for (const value of shifted.slice(start, end)) {
      if (value === 0) continue;
      doubledRanks.push(doubledRank);
      if (value > 0) doubledPositiveSum += doubledRank;
    }
    start = end;
  }
  return { doubledRanks, doubledPositiveSum };
}

/** One past the last value tied with the one at `start`; `sorted` ascends in absolute value. */
function endOfTie(sorted: readonly number[], start: number): number {
  const size = Math.abs(sorted[start] ?? 0);
  let end = start + 1;
  while (end < sorted.length && Math.abs(sorted[end] ?? 0) === size) end++;
  return end;
}
