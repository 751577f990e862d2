/**
 * A rollout: every arm in turn, under each policy of its clients, block by block, so that they share the weather. Within a
 * block chance says who is first.
 */
import { createPrng, shuffled } from "../../base/prng.js";
import { drivers } from "../../proxy/drivers.js";
import { inspectProgram } from "../../proxy/program/find-program.js";
import { readMachineLimits } from "../check-limits.js";
import type { PreparedArm } from "../prepare-arms.js";
import { type Stage, withStage } from "../with-stage.js";
import { requireAgentsFor } from "./require-agents.js";
import { requireEvent } from "./require-event.js";
import { rollOutOnce } from "./roll-out-once.js";
import type { RolloutPlan, RolloutSettings } from "./rollout-settings.js";
import { takesLine } from "./rollout-weather.js";

/**
 * @throws UsageError when the event cannot be done to an arm, or not with agents
 * @throws EnvironmentError when a proxy does not start, refuses the event, or does not come back; AgentLostError
 * @throws the signal's reason when aborted; in any case after everything that it started has ended
 */
export async function runRollout(settings: RolloutSettings): Promise<void> {
  const { scenario, plan, threads, agents = null, observer, signal } = settings;
  if (agents !== null) requireAgentsFor(plan, agents);
  const limits = readMachineLimits();
  observer.progress({ phase: "prepare", arm: null, block: -1, blocks: null, live: null, secondsLeft: null });
  const { event, weather } = plan;
  const isHeld = { holdsAll: true, takesLine: takesLine(event, weather) };
  await withStage({ ...isHeld, scenario, threads, agents, limits, observer, signal }, (stage) =>
    rollOutAll({ ...settings, signal: stage.signal }, stage),
  );
}

async function rollOutAll(settings: RolloutSettings, stage: Stage): Promise<void> {
  const { plan, seed, observer, signal } = settings;
  const { arms, placement, engine, pool, crew } = stage;
  // Of all arms before the first is loaded, for what cannot be done to the last would cost the time of the others.
  for (const arm of arms) await requireEvent(plan.event, { arm, backend: arm.backend, signal });
  const toVersions = new Map<PreparedArm, string | null>();
  for (const arm of arms) toVersions.set(arm, await versionAfter(plan, arm));
  await observer.planned({ arms, placement, engine });
  const prng = createPrng(seed);
  for (let block = 0; block < plan.blocks; block++) {
    for (const reconnect of plan.reconnect) {
      for (const arm of shuffled(arms, prng)) {
        const toVersion = toVersions.get(arm) ?? null;
        await observer.rolled(await rollOutOnce({ ...settings, stage, arm, block, reconnect, toVersion }));
        pool.barrier?.skewNs();
        if (crew !== null) observer.agents?.(crew.standings());
      }
    }
  }
}

/** @throws EnvironmentError when the program to go over to does not run, or is of another kind */
async function versionAfter(
  { toBinary }: RolloutPlan,
  { plan: { target } }: PreparedArm,
): Promise<string | null> {
  if (toBinary === null || target.kind !== "proxy") return null;
  return (await inspectProgram(drivers[target.proxy].program, toBinary, "--to-binary")).version;
}
