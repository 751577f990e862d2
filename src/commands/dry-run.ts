/**
 * `--dry-run`: what a run would do, and nothing else.
 */

import { EnvironmentError } from "../base/errors.js";
import { mapStrings } from "../base/map-strings.js";
import { maskText } from "../base/mask-secrets.js";
import type { CrewWish } from "../cluster/gather-crew.js";
import type { MachineLimits } from "../diagnosis/limit.js";
import { defaultDecisionPlan, precisionLooks } from "../judge/series/decision-plan.js";
import { renderDryRun } from "../report/run/dry-run-report.js";
import { toRoom } from "../results/arm-room.js";
import { shownWorkload } from "../results/build-document.js";
import type { DryRun } from "../results/dry-run-schema.js";
import { armText } from "../scenario/arm.js";
import type { Scenario } from "../scenario/scenario.js";
import { readMachineLimits, resourceNeeds } from "../trial/check-limits.js";
import { requireRoom } from "../trial/check-room.js";
import { takesSlots } from "../trial/epoch/fits-slots.js";
import { estimateTime } from "../trial/estimate-time.js";
import { type ForetoldArm, foretellArms } from "../trial/foretell-arms.js";
import type { RunOptions } from "./run-options.js";
import { type CommandContext, widthOf } from "./terminal.js";

/**
 * Prints what a scenario comes to, without starting anything.
 * @throws UsageError for a config that cannot be read or a directive that cannot be set; after the printing for one that
 * has no room for its load, as the run itself would
 */
export async function printDryRun(
  scenario: Scenario,
  { json, crew }: Pick<RunOptions, "json" | "crew">,
  { terminal: { stdout }, signal }: Pick<CommandContext, "terminal" | "signal">,
): Promise<void> {
  const machine = readMachineLimits();
  const foretold = await foretellArms(scenario, machine);
  const agents = crew === null ? {} : { agents: await agentsThere(crew, signal) };
  const document = { ...describeRun(scenario, foretold, machine), ...agents };
  stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : renderDryRun(document, widthOf(stdout)));
  requireRoom(foretold, machine);
}

async function agentsThere(crew: CrewWish, signal: AbortSignal): Promise<DryRun["agents"]> {
  const { agents: wanted, proxyAgent } = crew;
  const { findAgents } = await import("../cluster/gather-crew.js");
  try {
    return { wanted, proxyAgent, there: await findAgents(crew, signal), notAsked: null };
  } catch (thrown) {
    if (!(thrown instanceof EnvironmentError)) throw thrown;
    return { wanted, proxyAgent, there: [], notAsked: thrown.message };
  }
}

function describeRun(scenario: Scenario, foretold: readonly ForetoldArm[], machine: MachineLimits): DryRun {
  const { name, description, axes, comparedAxis, precision, blocks, maxSeconds, arms } = scenario;
  const looks = precision === null ? defaultDecisionPlan.looks : precisionLooks.looks;
  const firstLook = blocks ?? looks[0] ?? defaultDecisionPlan.minBlocks;
  const { trialS, blockS, totalS, mostBlocks, how } = estimateTime({
    scenario,
    arms: foretold,
    firstLook,
    inSlots: takesSlots(scenario, { hasAgents: false, limits: machine }),
  });
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
      const workload = members[0] === undefined ? {} : shownWorkload(members[0].workload);
      return { group, arms: members.map((arm) => arm.name), workload };
    }),
    arms: arms.map((arm) => ({
      name: arm.name,
      arm: armText(arm.target),
      set: mapStrings({ ...arm.set }, maskText),
      group: arm.group,
      cell: { ...arm.cell },
      isFloor: arm.isFloor,
    })),
    rounds: scenario.rounds.map((round) => [...round]),
    comparisons: scenario.pairs.map((pair) => ({ ...pair })),
    needs: resourceNeeds(foretold, machine).map(({ arm, who, what, count, limit }) => ({
      arm,
      who,
      what,
      count,
      limit,
      fits: limit === null || count <= limit,
    })),
    rooms: foretold.flatMap((arm) => {
      const room = toRoom(arm, machine);
      return room === null ? [] : [{ arm: arm.plan.name, ...room }];
    }),
    estimate: { trialS, blockS, blocks: { least: firstLook, most: mostBlocks }, totalS, how },
  };
}
