/**
 * Which metrics decide where the scenario names none, by the workload (statistics.md, Levels, looks, verdict).
 */
import { longestWindowS, quantileNeeds } from "./messages-needed.js";
import { type MetricName, quantiles } from "./metric.js";
import type { PlannedArm } from "./scenario.js";
import type { Workload } from "./workload.js";

/** For `--help`, in a sentence or two. */
export const defaultMetricsWords =
  "Verdicts rest on round trip p50 and p99 and the proxy's CPU a message, in a closed loop on throughput and p99, " +
  "unless compare.metrics of a scenario says otherwise.";

/**
 * In a closed loop p50 says the same as throughput, and processor time a message hangs on how much came at once, so
 * it is compared at equal load only. There it counts where every arm has a proxy to read it from; p99 counts where a
 * window can hold the messages for it.
 */
export function defaultMetrics(arms: readonly PlannedArm[]): MetricName[] {
  if (arms.some(({ workload }) => workload.loop.kind === "closed"))
    return ["throughputPerS", "roundTrip.p99"];
  const hasTail = arms.every(({ workload }) => canHold(workload, quantileNeeds(quantiles.p99)));
  const hasProxy = arms.every(({ target }) => target.kind === "nginx" || target.kind === "embedded");
  return [
    "roundTrip.p50",
    ...(hasTail ? ["roundTrip.p99" as const] : []),
    ...(hasProxy ? ["cpuUsPerMessage" as const] : []),
  ];
}

/** What a paced load comes to is not known yet. */
function canHold({ loop, durationS }: Workload, messages: number): boolean {
  return loop.kind !== "open" || loop.ratePerS * (durationS ?? longestWindowS) >= messages;
}
