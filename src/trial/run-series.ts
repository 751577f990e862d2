/**
 * A whole run: prepare, calibrate, burn in, then blocks of one trial of every arm, each block in an order drawn for
 * it, until the observer has seen enough or the plan is done.
 */
import { monotonicClock } from "../base/clock.js";
import { createPrng, shuffled } from "../base/prng.js";
import type { CrewOrder } from "../cluster/gather-crew.js";
import { bearsPauses } from "../scenario/metric.js";
import type { Scenario } from "../scenario/scenario.js";
import { withAgents } from "./agent-trials.js";
import { burnIn, roundsOf } from "./burn-in.js";
import { calibrate } from "./calibrate.js";
import { readMachineLimits } from "./check-limits.js";
import { mostSideBySide, settleSlots, takesSlots } from "./epoch/fits-slots.js";
import { roundRunner } from "./epoch/round-runner.js";
import { mostBlocks, mostBlocksForPrecision, planBlocks } from "./plan-trial.js";
import type { PreparedArm } from "./prepare-arms.js";
import { runTrial } from "./run-trial.js";
import type { SeriesObserver, SeriesPhase, SeriesProgress, TrialRunner } from "./series.js";
import { storeInPause } from "./store-in-pause.js";
import type { TrafficObserver } from "./traffic.js";
import type { TrialRecord } from "./trial-record.js";
import type { TrialSettings } from "./trial-settings.js";
import { type Stage, withStage } from "./with-stage.js";

interface SeriesSettings {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly threads: number;
  /** Agents that make the load; left out, or null: this machine does. */
  readonly agents?: CrewOrder | null;
  readonly observer: SeriesObserver;
  readonly signal: AbortSignal;
}

/** Runs a scenario. @throws the signal's reason when aborted, after everything it started has ended */
export async function runSeries(settings: SeriesSettings): Promise<void> {
  const { scenario, threads, agents = null, observer, signal } = settings;
  const startNs = monotonicClock.now();
  const limits = readMachineLimits();
  observer.progress(idleProgress("prepare"));
  const inSlots = takesSlots(scenario, { hasAgents: agents !== null, limits });
  const stageSettings = {
    scenario,
    threads,
    limits,
    holdsAll: true,
    agents,
    sideBySide: inSlots ? mostSideBySide(scenario) : 1,
  };
  await withStage({ ...stageSettings, observer, signal }, (stage) =>
    runBlocks({ ...settings, ...stage, inSlots, startNs }),
  );
}

interface Series extends SeriesSettings, Stage {
  /** Whether arms may share their time in slots. */
  readonly inSlots: boolean;
  readonly startNs: number;
}

async function runBlocks(series: Series): Promise<void> {
  const { scenario, observer, signal, arms, placement, engine, startNs } = series;
  const trial = withAgents(trialRunner({ ...series, bearsPauses: asksNoWholeTail(scenario) }), series);
  const calibration = await calibrate({ arms, scenario, trial, placement, observer });
  const [first] = arms;
  const fitting =
    series.inSlots && first !== undefined ? settleSlots(scenario, calibration.loadOf(first)) : null;
  const { sides } = series;
  const runner = { trial, loadOf: (arm: PreparedArm) => calibration.loadOf(arm), sides, signal };
  const burnt = await burnIn({ ...series, calibration, run: roundRunner(runner, fitting), slots: fitting });
  const { blockNs, realTime, whyBlocks } = burnt;
  const slots = whyBlocks === null ? fitting : null;
  const run = roundRunner(runner, slots);

  const elapsedS = (monotonicClock.now() - startNs) / 1e9;
  const leftS = (scenario.maxSeconds ?? Number.POSITIVE_INFINITY) - elapsedS;
  const blockS = blockNs / 1e9;
  const blocks = Math.min(
    scenario.blocks ?? Number.POSITIVE_INFINITY,
    planBlocksFor(scenario, blockS, leftS),
  );
  const slotS = slots?.slotS ?? null;
  await observer.planned({ arms, calibration, blocks, slotS, whyBlocks, placement, realTime, engine });

  const prng = createPrng(series.seed);
  const rounds = roundsOf(series);
  for (let block = 0; block < blocks; block++) {
    const secondsLeft = (blocks - block) * blockS;
    const progress = (arm: PreparedArm): TrialSettings["progress"] => {
      return (phase, live) => observer.progress({ phase, arm, block, blocks, live, secondsLeft });
    };
    const tell = (records: readonly TrialRecord[]): Promise<void> =>
      storeInPause(async () => {
        for (const record of records) await observer.measured(record);
      }, signal);
    let position = 0;
    for (const { round, arms: side } of shuffled(rounds, prng)) {
      const place = { block, round, position };
      if (!(await run({ arms: side, place, prng, progress, tell }))) break;
      position += side.length;
    }
    if (observer.isEnough(block + 1)) return;
  }
}

/** A number of blocks that was asked for is kept to unless the time given with it runs out first. */
function planBlocksFor({ blocks, maxSeconds, precision }: Scenario, blockS: number, leftS: number): number {
  if (blocks !== null && maxSeconds === null) return blocks;
  return planBlocks(blockS, leftS, precision === null ? mostBlocks : mostBlocksForPrecision);
}

/** Nothing that the generator's own pause in a few slices of a window would spoil. */
function asksNoWholeTail({ metrics, slos }: Scenario): boolean {
  return [...metrics, ...slos.map(({ metric }) => metric)].every(bearsPauses);
}

interface RunnerSettings extends Stage, Pick<SeriesSettings, "seed" | "signal"> {
  readonly observer: TrafficObserver;
  /** Of each trial's settings. */
  readonly bearsPauses?: boolean;
}

/** What runs the trials on a stage. */
export function trialRunner({
  engine,
  placement,
  realTime,
  line,
  residence,
  pool,
  seed,
  signal,
  observer,
  bearsPauses: mayPause = false,
}: RunnerSettings): TrialRunner {
  return (arm, load, place, progress, epoch) =>
    runTrial({
      arm,
      ...place,
      pool,
      engine,
      placement,
      realTime: realTime.parts.ends,
      line,
      residence,
      seed,
      signal,
      progress,
      cutOff: (traffic) => observer.sentAside(arm, "cutOff", traffic),
      bearsPauses: mayPause,
      ...load,
      ...epoch,
    });
}

function idleProgress(phase: SeriesPhase): SeriesProgress {
  return { phase, arm: null, block: -1, blocks: null, live: null, secondsLeft: null };
}
