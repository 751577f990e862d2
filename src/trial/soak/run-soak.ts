/**
 * A soak: one arm, one instance of its proxy from beginning to end, one load that does not change, told of window by
 * window. It can be stopped at any time: what the windows said stays.
 */

import type { EngineName, UpkeepOrder } from "../../load/messages.js";
import type { Scenario } from "../../scenario/scenario.js";
import { calibrate } from "../calibrate.js";
import { readMachineLimits } from "../check-limits.js";
import type { Placement } from "../placement.js";
import type { PreparedArm } from "../prepare-arms.js";
import { trialRunner } from "../run-series.js";
import type { SeriesProgress, SettledLoad } from "../series.js";
import type { TrafficObserver } from "../traffic.js";
import { withStage } from "../with-stage.js";
import { soakArm } from "./soak-arm.js";
import type { SoakEnding, SoakWindow } from "./soak-window.js";

export interface SoakPlan {
  /** In seconds. */
  readonly forS: number;
  readonly windowS: number;
  readonly upkeep: UpkeepOrder;
}

export interface SoakStart {
  readonly arm: PreparedArm;
  readonly load: SettledLoad;
  readonly placement: Placement;
  readonly engine: EngineName;
}

/** What a soak tells as it goes, in this order. */
export interface SoakObserver extends TrafficObserver {
  progress(progress: SeriesProgress): void;
  planned(start: SoakStart): Promise<void>;
  window(window: SoakWindow): Promise<void>;
  /** However it ended, and before whatever ended it is thrown. */
  ended(ending: SoakEnding): Promise<void>;
}

export interface SoakSettings {
  /** Of one arm. */
  readonly scenario: Scenario;
  readonly plan: SoakPlan;
  readonly seed: number;
  readonly threads: number;
  readonly observer: SoakObserver;
  readonly signal: AbortSignal;
}

/**
 * @throws EnvironmentError when the proxy does not start, or ends by itself
 * @throws the signal's reason when aborted; in either case after everything it started has ended
 */
export async function runSoak(settings: SoakSettings): Promise<void> {
  const { scenario, threads, observer, seed, signal } = settings;
  const limits = readMachineLimits();
  observer.progress({ phase: "prepare", arm: null, block: -1, blocks: null, live: null, secondsLeft: null });
  await withStage({ scenario, threads, limits, holdsAll: true, observer, signal }, async (stage) => {
    const { arms, placement, engine } = stage;
    const trial = trialRunner({ ...stage, seed, signal, observer });
    const calibration = await calibrate({ arms, scenario, trial, placement, observer });
    for (const arm of arms) {
      const load = calibration.loadOf(arm);
      await observer.planned({ arm, load, placement, engine });
      await soakArm({ ...settings, stage, arm, load });
    }
  });
}
