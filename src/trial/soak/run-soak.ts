/**
 * A soak: one arm, one instance of its proxy from beginning to end, one load that does not change, told of window by
 * window. It can be stopped at any time: what the windows said stays.
 */
import { calibrate } from "../calibrate.js";
import { readMachineLimits } from "../check-limits.js";
import { requireEvent } from "../rollout/require-event.js";
import { trialRunner } from "../run-series.js";
import { withStage } from "../with-stage.js";
import { soakArm } from "./soak-arm.js";
import type { SoakSettings } from "./soak-settings.js";

/**
 * @throws EnvironmentError when the proxy does not start, or ends by itself
 * @throws the signal's reason when aborted; in either case after everything it started has ended
 */
export async function runSoak(settings: SoakSettings): Promise<void> {
  const { scenario, observer, seed } = settings;
  const limits = readMachineLimits();
  observer.progress({ phase: "prepare", arm: null, block: -1, blocks: null, live: null, secondsLeft: null });
  await withStage({ ...settings, limits, holdsAll: true }, async (stage) => {
    const { arms, placement, engine, signal } = stage;
    const { repeated } = settings.plan;
    // Before the load is settled, which takes its time.
    if (repeated !== null)
      for (const arm of arms) await requireEvent(repeated.event, { arm, backend: null, signal });
    const trial = trialRunner({ ...stage, seed, observer });
    const calibration = await calibrate({ arms, scenario, trial, placement, observer });
    for (const arm of arms) {
      const load = calibration.loadOf(arm);
      await observer.planned({ arm, load, placement, engine });
      await soakArm({ ...settings, stage, arm, load, signal });
    }
  });
}
