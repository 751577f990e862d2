/**
 * The looks a series has reached, and what each may spend. Looking again and again at growing data is allowed
 * only because the looks share one error budget that was split beforehand.
 */
import type { DecisionPlan } from "./decision-plan.js";

export interface Look {
  /** Counted from 0: as many looks at fewer blocks came before. */
  readonly index: number;
  /** Complete blocks it takes in. */
  readonly blocks: number;
  /** The share of alpha and alphaEq it spends. */
  readonly share: number;
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
      share: plan.fractions[index] ?? 0,
      planned: true,
      last: index === lastIndex,
    }))
    .filter(({ blocks }) => (cutShort ? blocks < complete : blocks <= complete));
  if (!cutShort || complete < plan.minBlocks) return looks;
  const spent = looks.reduce((sum, { share }) => sum + share, 0);
  return [...looks, { index: looks.length, blocks: complete, share: 1 - spent, planned: false, last: true }];
}
