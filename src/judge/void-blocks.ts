/**
 * Blocks in a row of which nothing counts. A run that only has such blocks is not waited for: whatever it was that
 * kept their trials out, the next ones will meet it too.
 */
import type { RunDocument } from "../results/run-document.js";
import type { TrialResult } from "../results/trial-schema.js";
import { isMachinesDoing } from "./void-cause.js";

/** Every trial out, of every arm, and not by the machine's doing alone. */
const voidBlocksMost = 2;
/**
 * No pair complete. A neighbour on the machine may be gone by then, so that it takes as many as leave no verdict in the
 * planned blocks: more than a tenth of them lost is too many (losses.ts).
 */
const incompleteBlocksMost = 5;
const lostShareMost = 0.1;

interface BlockTrial extends TrialResult {
  readonly arm: string;
}

/** How many blocks in a row were for nothing, once they are enough to end the run; else null. */
export function voidBlocks({
  arms,
  scenario,
  plan,
}: Pick<RunDocument, "arms" | "scenario" | "plan">): number | null {
  const byBlock = new Map<number, BlockTrial[]>();
  for (const { name, trials } of arms) {
    for (const trial of trials) {
      byBlock.set(trial.block, [...(byBlock.get(trial.block) ?? []), { ...trial, arm: name }]);
    }
  }
  const latestFirst = [...byBlock].sort(([a], [b]) => b - a).map(([, trials]) => trials);
  const lost = streak(latestFirst, isLost);
  if (lost >= voidBlocksMost) return lost;
  const incomplete = streak(latestFirst, (trials) => isIncomplete(trials, scenario.pairs));
  const hopeless = incomplete > lostShareMost * (plan?.blocks ?? Number.POSITIVE_INFINITY);
  return incomplete >= incompleteBlocksMost && hopeless ? incomplete : null;
}

function streak(blocks: readonly BlockTrial[][], holds: (trials: readonly BlockTrial[]) => boolean): number {
  const end = blocks.findIndex((trials) => !holds(trials));
  return end < 0 ? blocks.length : end;
}

function isLost(trials: readonly BlockTrial[]): boolean {
  return trials.every((trial) => trial.disqualified && !isMachinesDoing(trial));
}

/** Without pairs every trial is for itself. */
function isIncomplete(trials: readonly BlockTrial[], pairs: RunDocument["scenario"]["pairs"]): boolean {
  const counts = (name: string): boolean =>
    trials.some(({ arm, disqualified }) => arm === name && !disqualified);
  if (pairs.length === 0) return trials.every(({ disqualified }) => disqualified);
  return !pairs.some(({ baseline, candidate }) => counts(baseline) && counts(candidate));
}
