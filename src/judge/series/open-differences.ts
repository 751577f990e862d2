/** Metrics that are compared by their difference, and can only be found worse, where a look has decided nothing of them. */
import { isByDifference, type MetricName } from "../../scenario/metric.js";
import type { Comparison } from "./comparison.js";

/** What is not proven, and would count if it were. */
export function looksWorse({ metric, estimate, margin }: Comparison): boolean {
  return isByDifference(metric) && estimate !== null && estimate >= margin;
}

/**
 * What can only be found worse, and was neither found so nor shown to be the same: nothing is said of it beside what is judged,
 * unless it looks worse.
 */
export function isLeftOpen(
  comparison: Comparison,
  { metrics }: { readonly metrics: readonly MetricName[] },
): boolean {
  const { metric, verdict } = comparison;
  const standsAlone = metrics.every(isByDifference);
  return isByDifference(metric) && verdict === "inconclusive" && !standsAlone && !looksWorse(comparison);
}
