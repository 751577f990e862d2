/**
 * Settles each group's load: a paced load runs at a share of what the group's baseline carries in a closed loop, which
 * one trial finds out, or at less where generator and backend would themselves be too busy; the same rate then goes to
 * every arm of the group.
 */
import { EnvironmentError } from "../base/errors.js";
import type { PlannedArm, Scenario } from "../scenario/scenario.js";
import { bearableRate, ownShare } from "./bearable-rate.js";
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
import { trafficOf } from "./traffic.js";
import type { TrialRecord } from "./trial-record.js";

interface CalibrateSettings {
  readonly arms: readonly PreparedArm[];
  readonly scenario: Scenario;
  readonly trial: TrialRunner;
  readonly placement: Placement;
  readonly observer: Pick<SeriesObserver, "progress" | "sentAside">;
}

/** Long enough to settle and to count; its latencies are not used. */
const saturatedTrial: TrialLoad = { ratePerS: null, warmupS: 0.5, durationS: 1 };
/** Long enough to see how busy generator and backend are. */
const pacedTrial: Omit<TrialLoad, "ratePerS"> = { warmupS: 0.25, durationS: 0.5 };

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
  const ratePerS = await bearableRate(saturatedPerS * loop.share, async (tried) =>
    ownShare(
      await calibrationTrial(baseline, { ...pacedTrial, ratePerS: tried }, settings),
      settings.placement,
    ),
  );
  return { ratePerS, saturatedPerS, messagesPerS: ratePerS };
}

async function calibrationTrial(
  baseline: PreparedArm,
  load: TrialLoad,
  { trial, observer }: CalibrateSettings,
): Promise<TrialRecord> {
  const record = await trial(baseline, load, outsideBlocks, (_phase, live) =>
    observer.progress({
      phase: "calibrate",
      arm: baseline,
      block: -1,
      blocks: null,
      live,
      secondsLeft: null,
    }),
  );
  observer.sentAside(baseline, "calibration", trafficOf(record));
  return record;
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
