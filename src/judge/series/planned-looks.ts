/**
 * The looks a series has reached, and what each may spend. Looking again and again at growing data is allowed
 * only because the looks share one error budget that was split beforehand.
 */
import type { DecisionPlan } from "./decision-plan.js";

/** What a look spends, of each of the plan's errors. */
export interface LookShare {
  readonly alpha: number;
  readonly alphaEq: number;
}

/** All of it, for a series that is judged once. */
export const wholeShare: LookShare = { alpha: 1, alphaEq: 1 };

export interface Look {
  /** Counted from 0: as many looks at fewer blocks came before. */
  readonly index: number;
  /** Complete blocks it takes in. */
  readonly blocks: number;
  readonly share: LookShare;
  /** False for the look that stands in because the blocks ran out. */
  readonly planned: boolean;
  /** No look can follow. */
  readonly last: boolean;
}

/**
 * The looks due with `complete` complete blocks, in order.
 *
 * When the blocks have run out before the last planned look, one look at all of them gets the share not spent at
 * fewer blocks; at exactly a planned number it stands in place of that look. This is sound because the clock and
 * not the data ended the run (docs/statistics.md, Levels, looks, verdict, rule 2).
 */
export function looksReached(plan: DecisionPlan, complete: number, ended: boolean): readonly Look[] {
  const lastIndex = plan.looks.length - 1;
  const cutShort = ended && complete < (plan.looks[lastIndex] ?? 0);
  const looks = plan.looks
    .map((blocks, index) => ({
      index,
      blocks,
      share: { alpha: plan.fractions[index] ?? 0, alphaEq: plan.fractionsEq[index] ?? 0 },
      planned: true,
      last: index === lastIndex,
    }))
    .filter(({ blocks }) => (cutShort ? blocks < complete : blocks <= complete));
  if (!cutShort || complete < plan.minBlocks) return looks;
  const share = looks.reduce(
    (left, look) => ({ alpha: left.alpha - look.share.alpha, alphaEq: left.alphaEq - look.share.alphaEq }),
    wholeShare,
  );
  return [...looks, { index: looks.length, blocks: complete, share, planned: false, last: true }];
}
