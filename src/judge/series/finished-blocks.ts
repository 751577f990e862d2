/**
 * Trials put together into blocks. A block is the unit of evidence: it counts whole, with every arm's trial, or
 * it is lost whole.
 */
import type { TrialOutcome } from "../trial-outcome.js";

export interface FinishedBlock {
  readonly block: number;
  /** The trials of the compared arms, by arm. */
  readonly trials: ReadonlyMap<string, TrialOutcome>;
  /** The arms that made it a lost block; empty when it is complete. */
  readonly lostBy: readonly string[];
}

/**
 * The blocks that are over, in block order. The last block is left out while trials of it are still to come, and
 * so is one that an interrupt cut short: it is neither complete nor lost. An earlier block that lacks a trial is
 * lost, for a later one has begun.
 *
 * @param arms the compared arms; trials of others (say the floor without a proxy) are ignored
 * @throws RangeError when an arm has two trials in a block
 */
export function finishedBlocks(
  outcomes: readonly TrialOutcome[],
  arms: readonly string[],
): readonly FinishedBlock[] {
  const byBlock = trialsByBlock(outcomes, arms);
  const numbers = [...byBlock.keys()].sort((a, b) => a - b);
  return numbers.flatMap((block) => {
    const trials = byBlock.get(block) ?? new Map<string, TrialOutcome>();
    const lostBy = armsThatLost(trials, arms);
    const missing = arms.filter((arm) => !trials.has(arm));
    if (lostBy.length > 0 || missing.length === 0) return [{ block, trials, lostBy }];
    return block === numbers.at(-1) ? [] : [{ block, trials, lostBy: missing }];
  });
}

function trialsByBlock(
  outcomes: readonly TrialOutcome[],
  arms: readonly string[],
): ReadonlyMap<number, ReadonlyMap<string, TrialOutcome>> {
  const byBlock = new Map<number, Map<string, TrialOutcome>>();
  for (const outcome of outcomes) {
    if (!arms.includes(outcome.arm)) continue;
    const trials = byBlock.get(outcome.block) ?? new Map<string, TrialOutcome>();
    if (trials.has(outcome.arm)) {
      throw new RangeError(
        `Cannot judge block ${outcome.block}: arm "${outcome.arm}" must have one trial in it`,
      );
    }
    trials.set(outcome.arm, outcome);
    byBlock.set(outcome.block, trials);
  }
  return byBlock;
}

function armsThatLost(trials: ReadonlyMap<string, TrialOutcome>, arms: readonly string[]): readonly string[] {
  return arms.filter((arm) => trials.get(arm)?.usable === false);
}

export function isComplete(block: FinishedBlock): boolean {
  return block.lostBy.length === 0;
}

/** The blocks up to the `count`-th complete one, lost ones between them included; all when there are fewer. */
export function upToComplete(blocks: readonly FinishedBlock[], count: number): readonly FinishedBlock[] {
  let complete = 0;
  const end = blocks.findIndex((block) => {
    if (isComplete(block)) complete++;
    return complete === count;
  });
  return end === -1 ? blocks : blocks.slice(0, end + 1);
}
