/**
 * A stored trial into what the judge needs of it: one number a metric, null where there are too few messages for it.
 */
import type { TrialResult } from "../results/trial-schema.js";
import { quantileNeeds } from "../scenario/messages-needed.js";
import {
  asCost,
  asLatency,
  type LatencySeries,
  type MetricName,
  quantiles,
  type StatisticName,
  stallsMetric,
} from "../scenario/metric.js";
import { quietP99 } from "./quiet-p99.js";
import type { TrialOutcome } from "./trial-outcome.js";

export function toOutcome(arm: string, trial: TrialResult, metrics: readonly MetricName[]): TrialOutcome {
  return {
    block: trial.block,
    arm,
    usable: !trial.disqualified,
    metrics: Object.fromEntries(metrics.map((metric) => [metric, metricOf(trial, metric)])),
    ...slotsOf(trial, metrics),
    ...comparedOf(trial, metrics),
    offeredPerS: trial.offeredPerS,
  };
}

/** Medians alone are told of each slot: of tails a slot holds too few values to be set against another's. */
function slotsOf({ slots }: TrialResult, metrics: readonly MetricName[]): Pick<TrialOutcome, "slots"> {
  const metric = metrics.find((one) => one === `${slots?.series}.p50`);
  return slots === undefined || metric === undefined ? {} : { slots: { [metric]: slots.p50Us } };
}

/**
 * Of a trial in slots the tail of its quieter half of them: whatever else wants the processors makes a slot's tail longer, and never
 * shorter (docs/statistics.md, Slots).
 */
function comparedOf(
  { slots, slices }: TrialResult,
  metrics: readonly MetricName[],
): Pick<TrialOutcome, "compared"> {
  const metric = metrics.find((one) => one === `${slices?.series}.steadyP99`);
  const value = slots === undefined || slices == null ? null : quietP99(slices.p99Us);
  return metric === undefined || value === null ? {} : { compared: { [metric]: value } };
}

/** A percentile of messages needs enough of them; handshakes are as many as there are connections. */
function metricOf(trial: TrialResult, metric: MetricName): number | null {
  if (metric === stallsMetric) return trial.stallsPerS ?? null;
  const latency = asLatency(metric);
  if (latency !== null) return latencyOf(trial, latency.series, latency.statistic);
  const cost = asCost(metric);
  return cost === null ? trial.throughputPerS : (trial.proxyCost?.[cost] ?? null);
}

const handshakes: readonly LatencySeries[] = ["connect", "tls", "upgrade"];

function latencyOf(trial: TrialResult, series: LatencySeries, statistic: StatisticName): number | null {
  const summary = trial.latencyUs[series];
  // Told or not by its slices.
  if (statistic === "steadyP99") return summary?.steadyP99 ?? null;
  const needed = handshakes.includes(series) ? 0 : quantileNeeds(quantiles[statistic]);
  return summary === undefined || summary.count < needed ? null : summary[statistic];
}
