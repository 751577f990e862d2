/**
 * Settles each group's load: a paced load runs at a share of what the group's baseline carries in a closed loop, which
 * one trial finds out, or at less where generator and backend would themselves be too busy; the same rate then goes to
 * every arm of the group.
 */
import { EnvironmentError } from "../base/errors.js";
import type { PlannedArm, Scenario } from "../scenario/scenario.js";
import type { Placement } from "./placement.js";
import { planTrialTimes } from "./plan-trial.js";
import type { PreparedArm } from "./prepare-arms.js";
import {
  type Calibration,
  outsideBlocks,
  type SeriesObserver,
  type SettledLoad,
  type TrialLoad,
  type TrialRunner,
} from "./series.js";
import type { TrialRecord } from "./trial-record.js";

export interface CalibrateSettings {
  readonly arms: readonly PreparedArm[];
  readonly scenario: Scenario;
  readonly trial: TrialRunner;
  readonly placement: Placement;
  readonly observer: Pick<SeriesObserver, "progress">;
}

/** Long enough to settle and to count; its latencies are not used. */
const saturatedTrial: TrialLoad = { ratePerS: null, warmupS: 0.5, durationS: 1 };
/** Long enough to see how busy generator and backend are. */
const pacedTrial: Omit<TrialLoad, "ratePerS"> = { warmupS: 0.25, durationS: 0.5 };
/**
 * Of a processor, for what generator and backend do on it: beyond it messages wait for them and not for the proxy.
 * Paced, a message costs them more than in a closed loop, where one wake-up serves many: on two processors, which they
 * have one of, 30 % of what nginx carried (14,400 a second) took 96 % of it. The p50 of single trials then varied by
 * 9 %, and by 1 to 3 % at 6,000 a second, where they took 58 %.
 */
const busiestOwnShare = 0.6;
/** A lighter load costs more a message, so that one step down may not be enough. */
const triesMost = 3;

/** @throws EnvironmentError when the baseline carries nothing at all */
export async function calibrate(settings: CalibrateSettings): Promise<Calibration> {
  const { arms, scenario } = settings;
  const loads = new Map<string, SettledLoad>();
  for (const arm of arms) {
    const { group, workload } = arm.plan;
    if (loads.has(group)) continue;
    const { messagesPerS, ...rates } = await settleRate(baselineOf(arm.plan, settings), settings);
    loads.set(group, { ...rates, ...planTrialTimes(workload, messagesPerS, scenario) });
  }
  return {
    loadOf(arm) {
      const load = loads.get(arm.plan.group);
      if (load === undefined) throw new RangeError(`No load was settled for group ${arm.plan.group}`);
      return load;
    },
  };
}

interface SettledRate extends Pick<SettledLoad, "ratePerS" | "saturatedPerS"> {
  /** What the load comes to, offered or expected. */
  readonly messagesPerS: number;
}

async function settleRate(baseline: PreparedArm, settings: CalibrateSettings): Promise<SettledRate> {
  const { loop } = baseline.plan.workload;
  if (loop.kind === "open") {
    return { ratePerS: loop.ratePerS, saturatedPerS: null, messagesPerS: loop.ratePerS };
  }
  const saturatedPerS = await saturatedRate(baseline, settings);
  if (loop.kind === "closed") return { ratePerS: null, saturatedPerS, messagesPerS: saturatedPerS };
  const ratePerS = await bearableRate(saturatedPerS * loop.share, baseline, settings);
  return { ratePerS, saturatedPerS, messagesPerS: ratePerS };
}

/** @returns the wanted rate, or the highest below it that leaves generator and backend time to spare */
async function bearableRate(
  wanted: number,
  baseline: PreparedArm,
  settings: CalibrateSettings,
): Promise<number> {
  let ratePerS = Math.max(1, Math.round(wanted));
  for (let tries = 0; tries < triesMost; tries++) {
    const busy = ownShare(await calibrationTrial(baseline, { ...pacedTrial, ratePerS }, settings), settings);
    if (busy <= busiestOwnShare) break;
    ratePerS = Math.max(1, Math.round((ratePerS * busiestOwnShare) / busy));
  }
  return ratePerS;
}

/** How busy the busier of generator and backend keeps its processor, or both together the one that they share. */
function ownShare(
  { generator, backendCpuShare }: TrialRecord,
  { placement }: Pick<CalibrateSettings, "placement">,
): number {
  const [load, backend] = [generator.cpuShare ?? 0, backendCpuShare ?? 0];
  const isShared = placement.generator?.length === 1 && placement.generator[0] === placement.backend?.[0];
  return isShared ? load + backend : Math.max(load, backend);
}

function calibrationTrial(
  baseline: PreparedArm,
  load: TrialLoad,
  { trial, observer }: CalibrateSettings,
): Promise<TrialRecord> {
  return trial(baseline, load, outsideBlocks, (_phase, live) =>
    observer.progress({
      phase: "calibrate",
      arm: baseline,
      block: -1,
      blocks: null,
      live,
      secondsLeft: null,
    }),
  );
}

async function saturatedRate(baseline: PreparedArm, settings: CalibrateSettings): Promise<number> {
  const record = await calibrationTrial(baseline, saturatedTrial, settings);
  const rate = (record.counts.repliesInWindow * 1e9) / record.durationNs;
  if (rate > 0) return rate;
  const [first] = record.failures;
  throw new EnvironmentError(
    `Cannot settle the load: arm ${baseline.plan.name} answered no message in a closed loop` +
      (first ? ` (${first.kind}: ${first.example})` : ""),
  );
}

/** The baseline of the arm's group. */
function baselineOf(plan: PlannedArm, { arms, scenario }: CalibrateSettings): PreparedArm {
  const pair = scenario.pairs.find(
    ({ baseline, candidate }) => baseline === plan.name || candidate === plan.name,
  );
  const name = pair?.baseline ?? plan.name;
  const baseline = arms.find((arm) => arm.plan.name === name);
  if (baseline === undefined) throw new RangeError(`No arm is named ${name}`);
  return baseline;
}
