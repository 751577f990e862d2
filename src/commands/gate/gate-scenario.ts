/**
 * A gate's question as a scenario: its SLOs, margins and rule, over what the scenario file says.
 */
import type { MetricName } from "../../scenario/metric.js";
import { defaultMargin, isByDifference } from "../../scenario/metric.js";
import type { Scenario } from "../../scenario/scenario.js";
import type { WorkloadInput } from "../../scenario/workload.js";
import { withMetrics } from "../metric-flag.js";
import { resolveHere } from "../resolve-here.js";
import { withSlos } from "../slo-flag.js";
import type { GateSettings } from "./gate-flags.js";
import type { GateQuestion } from "./gate-sides.js";

/** @throws UsageError naming every fault, one a line */
export function gateScenario(
  { name, input }: Pick<GateQuestion, "name" | "input">,
  { slos, metrics, maxRegression, failOn }: GateSettings,
  overrides: WorkloadInput,
): Scenario {
  const scenario = resolveHere(withMetrics(withSlos(input, slos), metrics), { name, overrides });
  const margins =
    maxRegression === null
      ? scenario.margins
      : Object.fromEntries(scenario.metrics.map((metric) => [metric, marginFor(metric, maxRegression)]));
  return { ...scenario, margins, gate: { failOn } };
}

/** Where a shared machine shows nothing finer, the default is the least. */
function marginFor(metric: MetricName, maxRegression: number): number {
  const least = defaultMargin(metric);
  if (isByDifference(metric)) return least;
  return least > defaultMargin("roundTrip.p50") ? Math.max(least, maxRegression) : maxRegression;
}
