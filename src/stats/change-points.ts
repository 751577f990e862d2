/**
 * Change points of a series: where its level moved, told after the fact (docs/statistics.md, Stored baselines and
 * history). Every split is tested left against right, the clearest is taken if it stays clear after Bonferroni's correction for
 * the number of splits, and both sides are searched again. Deterministic, like Hunter's; nothing is sampled.
 */
import { mannWhitneyOfRanks, rankValues } from "./mann-whitney.js";
import { middleOf } from "./middle-of.js";

interface ChangePointRule {
  /** A level has at least so many values. */
  readonly minSegment: number;
  /** `p × number of splits` lies below it. */
  readonly pMax: number;
}

const defaultChangePointRule: ChangePointRule = { minSegment: 5, pMax: 0.01 };

interface ChangePoint {
  /** Of the first value of the new level. */
  readonly index: number;
  /** Median after minus median before, of the two parts that this split made; in the unit of the values. */
  readonly shift: number;
  /** `p × number of splits`. */
  readonly correctedP: number;
}

/** In the order of the series. */
export function findChangePoints(
  values: readonly number[],
  rule: ChangePointRule = defaultChangePointRule,
): ChangePoint[] {
  const split = clearestSplit(values, rule);
  if (split === null) return [];
  const [left, right] = [values.slice(0, split.index), values.slice(split.index)];
  return [
    ...findChangePoints(left, rule),
    { ...split, shift: (middleOf(right) ?? 0) - (middleOf(left) ?? 0) },
    ...findChangePoints(right, rule).map((point) => ({ ...point, index: point.index + split.index })),
  ];
}

/** The first of those with the smallest p; null when none is a change. */
function clearestSplit(
  values: readonly number[],
  { minSegment, pMax }: ChangePointRule,
): { readonly index: number; readonly correctedP: number } | null {
  const splits = values.length - 2 * minSegment + 1;
  // Every split parts the same values, so they are ranked once.
  const ranked = rankValues(values);
  let rankSum = ranked.ranks.slice(minSegment).reduce((sum, rank) => sum + rank, 0);
  let best = { index: 0, correctedP: Number.POSITIVE_INFINITY };
  for (let index = minSegment; index <= values.length - minSegment; index++) {
    const correctedP = splits * mannWhitneyOfRanks(rankSum, values.length - index, ranked).p;
    rankSum -= ranked.ranks[index] ?? 0;
    if (correctedP < best.correctedP) best = { index, correctedP };
  }
  return best.correctedP < pMax ? best : null;
}
