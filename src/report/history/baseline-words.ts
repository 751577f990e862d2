/** What a stored baseline foretells, in a sentence. */
import type { BaselinePlan } from "../../judge/series/plan-from-baseline.js";
import type { Baseline } from "../../results/baseline-schema.js";
import { formatNumberOf, formatSeconds, formatSecondsLeft } from "../words/format.js";

/** @param maxSeconds what the run may take; null without a limit */
export function baselinePlanWords(baseline: Baseline, plan: BaselinePlan, maxSeconds: number | null): string {
  const start = `By the stored baseline ${baseline.name} (${baseline.runId})`;
  const { blocks, blocksMax } = plan;
  if (blocks === null) return `${start}: it has too few blocks to tell how many are needed`;
  const what =
    plan.unknown.length === 0 ? "every comparison" : `every comparison but of ${plan.unknown.join(", ")}`;
  if (blocks > blocksMax) {
    return `${start}: deciding ${what} would take ${formatNumberOf(blocks, "block")}, and the last look is at ${blocksMax}: some will stay inconclusive`;
  }
  return `${start}: ${formatNumberOf(blocks, "block")} should decide ${what}${timeWords(baseline, plan, maxSeconds)}`;
}

function timeWords(
  { secondsPerBlock }: Baseline,
  { seconds }: BaselinePlan,
  maxSeconds: number | null,
): string {
  if (seconds === null || secondsPerBlock === null) return "";
  const time = `, in about ${formatSecondsLeft(seconds)}`;
  if (maxSeconds === null || seconds <= maxSeconds) return time;
  const fitting = Math.max(0, Math.floor(maxSeconds / secondsPerBlock) - 1);
  return `${time}; the ${formatSeconds(maxSeconds)} given hold about ${fitting}, and --max-seconds ${Math.ceil(seconds)} would hold them`;
}
