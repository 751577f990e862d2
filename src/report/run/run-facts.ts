/** Counts over a whole run that more than one section speaks of. */
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import type { TrialResult } from "../../results/trial-schema.js";
import { medianOf } from "../words/median.js";

/** Blocks that have at least one trial. */
export function blocksRun(document: RunDocument): number {
  return new Set(allTrials(document).map(({ block }) => block)).size;
}

export function allTrials(document: RunDocument): TrialResult[] {
  return document.arms.flatMap(({ trials }) => trials);
}

/** The trials that an arm's absolute numbers are taken from. */
interface CountedTrials {
  readonly trials: readonly TrialResult[];
  /** Every trial was disqualified: the numbers are shown for want of better ones. */
  readonly isTainted: boolean;
}

/** Those that were not disqualified, or all when none is left: a busy run is shown, not hidden. */
export function countedTrials(arm: ArmResult): CountedTrials {
  const sound = arm.trials.filter(({ disqualified }) => !disqualified);
  return sound.length > 0 || arm.trials.length === 0
    ? { trials: sound, isTainted: false }
    : { trials: arm.trials, isTainted: true };
}

/** Connections that a trial was to hold in the end: of a load with stages those of the last. */
export function toHold({ connections }: TrialResult): number {
  return connections.wantedAtEnd ?? connections.requested;
}

export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** What a block of the run took, in seconds: the median from one block's start to the next one's; null of fewer than two. */
export function secondsPerBlock(document: RunDocument): number | null {
  const starts = new Map<number, number>();
  for (const { block, startedAt } of allTrials(document)) {
    const at = Date.parse(startedAt) / 1000;
    starts.set(block, Math.min(starts.get(block) ?? at, at));
  }
  const inOrder = [...starts.values()].sort((a, b) => a - b);
  const { median } = medianOf(inOrder.slice(1).map((start, index) => start - (inOrder[index] ?? start)));
  return median !== null && median > 0 ? median : null;
}
