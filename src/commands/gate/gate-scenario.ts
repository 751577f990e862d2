/**
 * A gate's question as a scenario: its SLOs, margins and rule, over what the scenario file says.
 */
import type { MetricName } from "../../scenario/metric.js";
import { defaultMargin } from "../../scenario/metric.js";
import type { PlannedArm, Scenario } from "../../scenario/scenario.js";
import type { WorkloadInput } from "../../scenario/workload.js";
import { resolveHere } from "../resolve-here.js";
import { withSlos } from "../slo-flag.js";
import type { GateSettings } from "./gate-flags.js";
import type { GateQuestion, GateSides } from "./gate-sides.js";

/** @throws UsageError naming every fault, one a line */
export function gateScenario(
  { name, input, locate }: GateQuestion,
  configs: GateSides["configs"],
  { slos, maxRegression, failOn }: GateSettings,
  overrides: WorkloadInput,
): Scenario {
  const scenario = resolveHere(withSlos(input, slos), { name, overrides, locate });
  const margins =
    maxRegression === null
      ? scenario.margins
      : Object.fromEntries(scenario.metrics.map((metric) => [metric, marginFor(metric, maxRegression)]));
  return { ...scenario, arms: scenario.arms.map((arm) => confined(arm, configs)), margins, gate: { failOn } };
}

/** Whoever wrote it: a pull request's config is a stranger's, and both sides are held to the same. */
function confined(arm: PlannedArm, configs: GateSides["configs"]): PlannedArm {
  const roots = configs.get(arm.name)?.roots;
  const { target } = arm;
  if (target.kind !== "nginx" || roots === undefined) return arm;
  return { ...arm, target: { ...target, confinedTo: roots } };
}

/** Where a shared machine shows nothing finer, the default is the least. */
function marginFor(metric: MetricName, maxRegression: number): number {
  const least = defaultMargin(metric);
  return least > defaultMargin("roundTrip.p50") ? Math.max(least, maxRegression) : maxRegression;
}
