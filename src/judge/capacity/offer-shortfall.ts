/**
 * Paced arms are compared at the same load. An arm that cannot carry the offer sheds load, and what is left may
 * even look fast: its latencies say nothing, and its throughput says it all.
 */
import { hodgesLehmann, walshAverages } from "../../stats/walsh-averages.js";
import type { FinishedBlock } from "../series/finished-blocks.js";
import { metricValue, type TrialOutcome, throughputMetric } from "../trial-outcome.js";

const offerMetShare = 0.99;

/**
 * Whether one of two arms falls short of the offer by more than 1 %, taking of each block the arm that carried
 * less. That choice is blind to which arm is which, as the signed-rank test's coin demands: it picks the test
 * without leaning on its outcome. A closed loop offers no rate and never falls short.
 */
export function offerFallsShort(
  completeBlocks: readonly FinishedBlock[],
  { baseline, candidate }: { readonly baseline: string; readonly candidate: string },
): boolean {
  const carried = completeBlocks.flatMap(({ trials }) => {
    const shares = [logCarriedShare(trials.get(baseline)), logCarriedShare(trials.get(candidate))];
    const known = shares.filter((share) => share !== null);
    return known.length === 0 ? [] : [Math.min(...known)];
  });
  const typical = hodgesLehmann(walshAverages(carried));
  return typical !== null && typical < Math.log(offerMetShare);
}

function logCarriedShare(trial: TrialOutcome | undefined): number | null {
  const throughput = metricValue(trial, throughputMetric);
  const offered = trial?.offeredPerS ?? null;
  return throughput === null || offered === null || !(offered > 0) ? null : Math.log(throughput / offered);
}
