/** What one trial says of an SLO's metric. */
import type { TrialResult } from "../results/trial-schema.js";
import { stallsMetric } from "../scenario/metric.js";
import type { SloMetric } from "../scenario/slo-metric.js";

/** In the metric's own unit; null where it was not measured. */
export function sloValue(trial: TrialResult, metric: SloMetric): number | null {
  if (metric === "failures") return trial.failures.reduce((sum, { count }) => sum + count, 0);
  if (metric === "throughputPerS") return trial.throughputPerS;
  if (metric === stallsMetric) return trial.stallsPerS ?? null;
  if (metric === "push.reach") return trial.push?.reach ?? null;
  if (metric === "fanout.reach") return trial.fanout?.reach ?? null;
  const [group = "", name = ""] = metric.split(".");
  const values: Readonly<Record<string, unknown>> | null | undefined =
    group === "proxyCost" ? trial.proxyCost : trial.latencyUs[group as keyof TrialResult["latencyUs"]];
  const value = values?.[name];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
