/**
 * One log ratio a block: the arms of a block ran within seconds of each other, so what the machine did to both
 * cancels in their ratio.
 */

import { leastSlices } from "../../scenario/messages-needed.js";
import { isByDifference } from "../../scenario/metric.js";
import { middleOf } from "../../stats/middle-of.js";
import { comparedValue, type TrialOutcome, throughputMetric } from "../trial-outcome.js";
import type { FinishedBlock } from "./finished-blocks.js";
import type { LossTally } from "./losses.js";

/** Two arms and what is compared between them. */
export interface Pairing {
  readonly baseline: string;
  readonly candidate: string;
  readonly metric: string;
}

export interface LogRatios {
  /**
   * `ln(candidate / baseline)` in block order, turned so that above 0 is always worse; for a metric without ratios
   * candidate less baseline.
   */
  readonly differences: readonly number[];
  /** Blocks without a ratio because one of the two has no value. */
  readonly missing: LossTally;
}

/** The sign that turns a log ratio so that positive is worse. */
export function worseSign(metric: string): 1 | -1 {
  return metric === throughputMetric ? -1 : 1;
}

/**
 * The log ratios of a pairing over complete blocks. Where one of the two has no value, the block is out for this
 * metric of this pair alone: the other metrics were measured soundly, and a third arm has no part in the ratio.
 * The gap is counted like a lost trial, because what is not measured may well be what went badly.
 */
export function logRatios(completeBlocks: readonly FinishedBlock[], pairing: Pairing): LogRatios {
  const { baseline, candidate, metric } = pairing;
  const differences: number[] = [];
  let [lost, byBaseline, byCandidate] = [0, 0, 0];
  for (const { trials } of completeBlocks) {
    const [one, other] = [trials.get(baseline), trials.get(candidate)];
    const before = comparedValue(one, metric);
    const after = comparedValue(other, metric);
    if (before !== null && after !== null) {
      const ratio = (): number => ratioInCycles(one, other, metric) ?? Math.log(after / before);
      differences.push(isByDifference(metric) ? after - before : worseSign(metric) * ratio());
      continue;
    }
    lost++;
    if (after !== null) byBaseline++;
    if (before !== null) byCandidate++;
  }
  return { differences, missing: { blocks: completeBlocks.length, lost, byBaseline, byCandidate } };
}

/**
 * Of two trials that shared their block's time, the median over its cycles of the log ratio of the two slots: they lie beside
 * each other, so that what changes from one second to the next is in both, and what falls on one slot of several moves nothing.
 * Which of the two came first was drawn for each cycle, so that with equal arms it is as likely above 0 as below
 * (docs/statistics.md, Slots).
 * @returns null for trials that were not in slots, or told of fewer than five cycles
 */
function ratioInCycles(
  one: TrialOutcome | undefined,
  other: TrialOutcome | undefined,
  metric: string,
): number | null {
  const after = other?.slots?.[metric] ?? [];
  const ratios = (one?.slots?.[metric] ?? []).flatMap((value, cycle) => {
    const beside = after[cycle] ?? null;
    return value === null || beside === null || value <= 0 || beside <= 0 ? [] : [Math.log(beside / value)];
  });
  return ratios.length < leastSlices ? null : middleOf(ratios);
}
