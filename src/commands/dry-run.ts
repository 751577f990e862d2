/**
 * `--dry-run`: what a run would do, and nothing else.
 */
import { defaultDecisionPlan, precisionLooks } from "../judge/decision-plan.js";
import { parseNginxSettings } from "../proxy/nginx/nginx-settings.js";
import { parseRelaySettings } from "../proxy/relay-settings.js";
import { renderDryRun } from "../report/dry-run-report.js";
import { armText } from "../results/build-document.js";
import type { DryRun } from "../results/dry-run-schema.js";
import type { Scenario } from "../scenario/scenario.js";
import { readMachineLimits, resourceNeeds } from "../trial/check-limits.js";
import { estimateTime } from "../trial/estimate-time.js";
import { type Terminal, widthOf } from "./terminal.js";

/**
 * Prints what a scenario comes to, without starting anything.
 * @throws UsageError for a directive that cannot be set on the built-in config
 */
export function printDryRun(
  scenario: Scenario,
  { json }: { readonly json: boolean },
  { stdout }: Terminal,
): void {
  for (const { target, set } of scenario.arms) {
    if (target.kind === "nginx" && target.configFile === null) parseNginxSettings(set);
    if (target.kind === "embedded") parseRelaySettings(set);
  }
  const document = describeRun(scenario);
  stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : renderDryRun(document, widthOf(stdout)));
}

function describeRun(scenario: Scenario): DryRun {
  const { name, description, axes, comparedAxis, precision, blocks, maxSeconds, arms } = scenario;
  const looks = precision === null ? defaultDecisionPlan.looks : precisionLooks.looks;
  const firstLook = blocks ?? looks[0] ?? defaultDecisionPlan.minBlocks;
  const { trialS, blockS, totalS, mostBlocks, how } = estimateTime(scenario, firstLook);
  const groups = [...new Set(arms.map(({ group }) => group))];
  return {
    dryRun: true,
    scenario: {
      name,
      description,
      metrics: scenario.metrics.map((metric) => ({ metric, margin: scenario.margins[metric] ?? 0 })),
      axes: axes.map((axis) => ({ ...axis, values: [...axis.values] })),
      comparedAxis,
      precision,
      blocks,
      maxSeconds,
    },
    groups: groups.map((group) => {
      const members = arms.filter((arm) => arm.group === group);
      return { group, arms: members.map((arm) => arm.name), workload: { ...members[0]?.workload } };
    }),
    arms: arms.map((arm) => ({
      name: arm.name,
      arm: armText(arm.target),
      set: { ...arm.set },
      group: arm.group,
      cell: { ...arm.cell },
      isFloor: arm.isFloor,
    })),
    rounds: scenario.rounds.map((round) => [...round]),
    comparisons: scenario.pairs.map((pair) => ({ ...pair })),
    needs: resourceNeeds(arms, readMachineLimits()).map(({ arm, who, what, count, limit }) => ({
      arm,
      who,
      what,
      count,
      limit,
      fits: limit === null || count <= limit,
    })),
    estimate: { trialS, blockS, blocks: { least: firstLook, most: mostBlocks }, totalS, how },
  };
}
