/**
 * Are so many blocks out, or so much on one side, that those left over no longer speak for all? A proxy that
 * fails just when it is slow would otherwise look fast.
 */
import { fairCoinTail } from "../../stats/fair-coin-tail.js";
import type { FinishedBlock } from "./finished-blocks.js";

const lostShareMax = 0.1;
const oneSidedLevel = 0.05;

export interface LossTally {
  /** All blocks, those out included. */
  readonly blocks: number;
  /** Blocks that are out, for whatever arm. */
  readonly lost: number;
  /** Of them, those out through the baseline and not the candidate. */
  readonly byBaseline: number;
  /** Of them, those out through the candidate and not the baseline. */
  readonly byCandidate: number;
}

/** The lost blocks of a run as one pair sees them: a third arm's losses count, but take no side. */
export function lostBlocksTally(
  blocks: readonly FinishedBlock[],
  { baseline, candidate }: { readonly baseline: string; readonly candidate: string },
): LossTally {
  const lost = blocks.filter(({ lostBy }) => lostBy.length > 0);
  const only = (arm: string, other: string): number =>
    lost.filter(({ lostBy }) => lostBy.includes(arm) && !lostBy.includes(other)).length;
  return {
    blocks: blocks.length,
    lost: lost.length,
    byBaseline: only(baseline, candidate),
    byCandidate: only(candidate, baseline),
  };
}

/**
 * More than 10 % out, or one side's losses so many that a fair coin would give as many with p < 0.05. The tail of
 * the side that lost more is taken alone, so 5 against 0 is enough: in doubt no verdict.
 */
export function areTooMany({ blocks, lost, byBaseline, byCandidate }: LossTally): boolean {
  const oneSided = fairCoinTail(Math.max(byBaseline, byCandidate), byBaseline + byCandidate);
  return lost / blocks > lostShareMax || oneSided < oneSidedLevel;
}
