/**
 * The whole search: rates, costs and connections of every arm, each step a trial with a fresh proxy. Arms take turns,
 * one step each, so that they share the weather (docs/statistics.md, Capacity).
 */
import { monotonicClock } from "../../base/clock.js";
import type { MachineLimits } from "../../diagnosis/limit.js";
import type { Scenario } from "../../scenario/scenario.js";
import { readMachineLimits } from "../check-limits.js";
import { foretellLimits } from "../foretell-limits.js";
import { trialRunner } from "../run-series.js";
import { type Stage, withStage } from "../with-stage.js";
import type { CapacityArm } from "./capacity-observer.js";
import type { CapacitySettings, CapacityWork } from "./capacity-work.js";
import { findConnections } from "./find-connections.js";
import { findRates } from "./find-rates.js";
import { measureCosts } from "./measure-costs.js";
import { measureStorm } from "./measure-storm.js";
import { createStepRunner } from "./step-runner.js";

/** @throws the signal's reason when aborted, after everything it started has ended */
export async function runCapacity(settings: CapacitySettings): Promise<void> {
  const { scenario, by, costs, storm, observer } = settings;
  const limits = readMachineLimits();
  const hasTime = timeLeft(settings);
  observer.progress({ phase: "prepare", arm: null, block: -1, blocks: null, live: null, secondsLeft: null });
  if (by !== "connections" || costs || storm) {
    await onStage({ settings, limits, holdsAll: true, hasTime }, async (work, stage) => {
      if (by !== "connections" || costs) {
        const edges = await findRates(work);
        if (costs) await measureCosts(work, edges);
      }
      if (storm) await measureStorm(work, stage);
    });
  }
  if (by !== "rate") {
    const most = { ...settings, scenario: withConnections(scenario, settings.mostConnections) };
    await onStage({ settings: most, limits, holdsAll: false, hasTime }, findConnections);
  }
}

interface StageWish {
  readonly settings: CapacitySettings;
  readonly limits: MachineLimits;
  readonly holdsAll: boolean;
  readonly hasTime: () => boolean;
}

async function onStage(
  { settings, limits, holdsAll, hasTime }: StageWish,
  work: (work: CapacityWork, stage: Stage) => Promise<void>,
): Promise<void> {
  const { scenario, threads, agents = null, observer, seed, signal } = settings;
  await withStage({ scenario, threads, limits, holdsAll, agents, observer, signal }, async (stage) => {
    const arms = capacityArms(stage, limits);
    await observer.planned({ arms, placement: stage.placement, engine: stage.engine });
    const run = createStepRunner({
      trial: trialRunner({ ...stage, seed, observer }),
      observer,
      signal: stage.signal,
      placement: stage.placement,
    });
    await work({ settings: { ...settings, signal: stage.signal }, arms, run, hasTime }, stage);
  });
}

function capacityArms({ arms }: Stage, limits: MachineLimits): CapacityArm[] {
  return arms.map((arm) => ({
    arm,
    workers: arm.proxy.facts?.workers ?? 1,
    foretold: foretellLimits({ arm, limits }),
  }));
}

function withConnections(scenario: Scenario, connections: number): Scenario {
  const arms = scenario.arms.map((arm) => ({ ...arm, workload: { ...arm.workload, connections } }));
  return { ...scenario, arms };
}

function timeLeft({ maxSeconds, observer }: CapacitySettings): () => boolean {
  const endNs = monotonicClock.now() + (maxSeconds ?? Number.POSITIVE_INFINITY) * 1e9;
  let told = false;
  return () => {
    if (monotonicClock.now() < endNs) return true;
    if (!told) observer.cutShort();
    told = true;
    return false;
  };
}
