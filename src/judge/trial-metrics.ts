/**
 * A stored trial into what the judge needs of it: one number a metric, null where there are too few messages for it.
 */
import type { TrialResult } from "../results/trial-schema.js";
import { quantileNeeds } from "../scenario/messages-needed.js";
import { asCost, asPercentile, type MetricName, quantiles } from "../scenario/metric.js";
import type { TrialOutcome } from "./trial-outcome.js";

export function toOutcome(arm: string, trial: TrialResult, metrics: readonly MetricName[]): TrialOutcome {
  return {
    block: trial.block,
    arm,
    usable: !trial.disqualified,
    metrics: Object.fromEntries(metrics.map((metric) => [metric, metricOf(trial, metric)])),
    offeredPerS: trial.offeredPerS,
  };
}

/** A percentile of messages needs enough of them; handshakes are as many as there are connections. */
function metricOf(trial: TrialResult, metric: MetricName): number | null {
  const percentile = asPercentile(metric);
  if (percentile !== null) {
    const summary = trial.latencyUs[percentile.series];
    const isHandshake = ["connect", "tls", "upgrade"].includes(percentile.series);
    const needed = isHandshake ? 0 : quantileNeeds(quantiles[percentile.percentile]);
    return summary === undefined || summary.count < needed ? null : summary[percentile.percentile];
  }
  const cost = asCost(metric);
  return cost === null ? trial.throughputPerS : (trial.proxyCost?.[cost] ?? null);
}
