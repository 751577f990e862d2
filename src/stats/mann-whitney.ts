/**
 * The Mann-Whitney test of two samples by the normal approximation, corrected for ties and continuity (statistics.md,
 * Stored baselines and history): does one tend to lie above the other?
 */
import { normalTail } from "./normal-tail.js";

export interface MannWhitney {
  /** Pairs in which the value of the second sample is the greater one; a tie counts one half. */
  readonly u: number;
  /** Two-sided p-value; 1 where all values are equal. */
  readonly p: number;
}

/** @throws RangeError when a sample is empty or holds a value that is no number */
export function mannWhitney(first: readonly number[], second: readonly number[]): MannWhitney {
  if (first.length === 0 || second.length === 0) {
    throw new RangeError("Cannot compare with an empty sample: each must have a value");
  }
  const { rankSum, ties } = rankSecond(first, second);
  const [n, m] = [first.length, second.length];
  const u = rankSum - (m * (m + 1)) / 2;
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (!(variance > 0)) return { u, p: 1 };
  const distance = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5);
  return { u, p: Math.min(1, 2 * normalTail(distance / Math.sqrt(variance))) };
}

/** The sum of the second sample's mid-ranks among all values, and Σ(t³ − t) over the groups of equal ones. */
function rankSecond(first: readonly number[], second: readonly number[]) {
  const all = [
    ...first.map((value) => ({ value, isSecond: false })),
    ...second.map((value) => ({ value, isSecond: true })),
  ].sort((a, b) => a.value - b.value);
  if (all.some(({ value }) => Number.isNaN(value))) {
    throw new RangeError("Cannot rank NaN: want numbers");
  }
  let rankSum = 0;
  let ties = 0;
  for (let from = 0; from < all.length; ) {
    let to = from;
    while (all[to + 1]?.value === all[from]?.value) to++;
    const count = to - from + 1;
    const midRank = (from + to) / 2 + 1;
    rankSum += midRank * all.slice(from, to + 1).filter(({ isSecond }) => isSecond).length;
    ties += count ** 3 - count;
    from = to + 1;
  }
  return { rankSum, ties };
}
