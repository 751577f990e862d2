/**
 * The Mann-Whitney test of two samples by the normal approximation, corrected for ties and continuity: does one tend to
 * lie above the other (docs/statistics.md, Stored baselines and history)?
 */
import { normalTail } from "./normal-tail.js";

interface MannWhitney {
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
  const ranked = rankValues([...first, ...second]);
  const rankSum = ranked.ranks.slice(first.length).reduce((sum, rank) => sum + rank, 0);
  return mannWhitneyOfRanks(rankSum, second.length, ranked);
}

interface RankedValues {
  /** Mid-ranks from 1, in the order of the values. */
  readonly ranks: readonly number[];
  /** Σ(t³ − t) over the groups of equal values. */
  readonly ties: number;
}

/** @throws RangeError for a value that is no number */
export function rankValues(values: readonly number[]): RankedValues {
  if (values.some(Number.isNaN)) throw new RangeError("Cannot rank NaN: want numbers");
  const order = values.map((_, at) => at).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  let ties = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1] ?? 0] === values[order[from] ?? 0]) to++;
    for (const at of order.slice(from, to + 1)) ranks[at] = (from + to) / 2 + 1;
    const count = to - from + 1;
    ties += count ** 3 - count;
    from = to + 1;
  }
  return { ranks, ties };
}

/** The test where all values are ranked already. @param rankSum of the second sample, which has `m` of them */
export function mannWhitneyOfRanks(rankSum: number, m: number, { ranks, ties }: RankedValues): MannWhitney {
  const total = ranks.length;
  const n = total - m;
  const u = rankSum - (m * (m + 1)) / 2;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (!(variance > 0)) return { u, p: 1 };
  const distance = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5);
  return { u, p: Math.min(1, 2 * normalTail(distance / Math.sqrt(variance))) };
}
