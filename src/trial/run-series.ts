/**
 * A whole run: prepare, calibrate, burn in, then blocks of one trial of every arm, each block in an order drawn for
 * it, until the observer has seen enough or the plan is done.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicClock } from "../base/clock.js";
import { createPrng, shuffled } from "../base/prng.js";
import type { CrewOrder } from "../cluster/gather-crew.js";
import { bearsPauses } from "../scenario/metric.js";
import type { Scenario } from "../scenario/scenario.js";
import { withAgents } from "./agent-trials.js";
import { calibrate } from "./calibrate.js";
import { readMachineLimits } from "./check-limits.js";
import { mostSideBySide, settleSlots, takesSlots } from "./epoch/fits-slots.js";
import { type RoundRunner, roundRunner } from "./epoch/round-runner.js";
import type { SlotPlan } from "./epoch/slot-plan.js";
import { mostBlocks, mostBlocksForPrecision, planBlocks } from "./plan-trial.js";
import type { PreparedArm } from "./prepare-arms.js";
import { leaveTime, type RealTimeParts } from "./real-time.js";
import { runTrial } from "./run-trial.js";
import {
  type Calibration,
  outsideBlocks,
  type SeriesObserver,
  type SeriesPhase,
  type SeriesProgress,
  type TrialRunner,
} from "./series.js";
import { type TrafficObserver, trafficOf } from "./traffic.js";
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

/** Between two trials, so that closing sockets do not run into the next one (docs/statistics.md, Limits). */
const pauseMs = 100;

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
  const slots =
    series.inSlots && first !== undefined ? settleSlots(scenario, calibration.loadOf(first)) : null;
  const { sides } = series;
  const run = roundRunner({ trial, loadOf: (arm) => calibration.loadOf(arm), sides, signal }, slots);
  const { burnInNs, realTime } = await burnInAtPriority(series, calibration, { run, slots });

  const elapsedS = (monotonicClock.now() - startNs) / 1e9;
  const leftS = (scenario.maxSeconds ?? Number.POSITIVE_INFINITY) - elapsedS;
  const blockS = burnInNs / 1e9;
  const blocks = Math.min(
    scenario.blocks ?? Number.POSITIVE_INFINITY,
    planBlocksFor(scenario, blockS, leftS),
  );
  const slotS = slots?.slotS ?? null;
  await observer.planned({ arms, calibration, blocks, slotS, placement, realTime, engine });

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

/** What is done with trials' records is done while the sockets settle. Aborted, it is still done to its end. */
export async function storeInPause(store: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const pause = sleep(pauseMs, undefined, { signal });
  pause.catch(() => undefined);
  await store();
  await pause;
}

/** What runs side by side within a block. */
interface RoundOfArms {
  readonly round: number;
  readonly arms: readonly PreparedArm[];
}

function roundsOf({ scenario, arms }: Pick<Series, "scenario" | "arms">): RoundOfArms[] {
  return scenario.rounds.map((names, round) => ({
    round,
    arms: names.flatMap((name) => arms.filter(({ plan }) => plan.name === name)),
  }));
}

/** A number of blocks that was asked for is kept to unless the time given with it runs out first. */
function planBlocksFor({ blocks, maxSeconds, precision }: Scenario, blockS: number, leftS: number): number {
  if (blocks !== null && maxSeconds === null) return blocks;
  return planBlocks(blockS, leftS, precision === null ? mostBlocks : mostBlocksForPrecision);
}

interface BurnIn {
  /** How long a block takes, in nanoseconds. */
  readonly burnInNs: number;
  readonly realTime: RealTimeParts;
}

interface RoundPlan {
  readonly run: RoundRunner;
  readonly slots: SlotPlan | null;
}

/** At real-time priority where the load is by a schedule, and every arm was seen to leave the processors time. */
async function burnInAtPriority(series: Series, calibration: Calibration, plan: RoundPlan): Promise<BurnIn> {
  const isScheduled = series.arms.every((arm) => calibration.loadOf(arm).ratePerS !== null);
  const isSeen = isScheduled && series.scenario.burnIn === "each";
  const spins = series.arms.some((arm) => arm.plan.workload.busyPoll);
  const { proxies, ends } = series.realTime.take({ proxies: isSeen, ends: isSeen && !spins });
  const { burnInNs, records } = await burnIn(series, plan);
  const left = leaveTime(records, series.placement);
  const realTime = series.realTime.take({ proxies: proxies && left.proxies, ends: ends && left.ends });
  return { burnInNs, realTime };
}

/**
 * One discarded trial of every arm, as it will be measured: in slots an epoch of every round. Or one for all, which warms
 * the generator and the backend up: a proxy is a fresh process in each trial.
 * @returns how long a block takes, in nanoseconds; a baseline has a trial in each of its rounds
 */
async function burnIn(
  series: Series,
  { run, slots }: RoundPlan,
): Promise<{ burnInNs: number; records: TrialRecord[] }> {
  const { arms, observer, signal, scenario } = series;
  const startNs = monotonicClock.now();
  const records: TrialRecord[] = [];
  const burnt = scenario.burnIn === "one" ? arms.slice(0, 1) : arms;
  const rounds = slots === null ? [{ round: 0, arms: burnt }] : roundsOf(series);
  const prng = createPrng(series.seed);
  for (const { arms: side } of rounds) {
    const progress = (arm: PreparedArm): TrialSettings["progress"] => {
      return (_phase, live) =>
        observer.progress({ phase: "burn-in", arm, block: -1, blocks: null, live, secondsLeft: null });
    };
    const tell = async (told: readonly TrialRecord[]): Promise<void> => {
      for (const record of told) observer.sentAside(armNamed(record.arm, arms), "burnIn", trafficOf(record));
      records.push(...told);
      await sleep(pauseMs, undefined, { signal });
    };
    await run({ arms: side, place: outsideBlocks, prng, progress, tell });
  }
  const burnInNs = ((monotonicClock.now() - startNs) * scenario.rounds.flat().length) / records.length;
  return { burnInNs, records };
}

function armNamed(name: string, arms: readonly PreparedArm[]): PreparedArm {
  const arm = arms.find(({ plan }) => plan.name === name);
  if (arm === undefined) throw new RangeError(`No arm is named ${name}`);
  return arm;
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
