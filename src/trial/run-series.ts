/**
 * A whole run: prepare, calibrate, burn in, then blocks of one trial of every arm, each block in an order drawn for
 * it, until the observer has seen enough or the plan is done.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicClock } from "../base/clock.js";
import { createPrng, type Prng, shuffled } from "../base/prng.js";
import type { CrewOrder } from "../cluster/gather-crew.js";
import { bearsPauses } from "../scenario/metric.js";
import type { Scenario } from "../scenario/scenario.js";
import { untilBlockIsVoid, withAgents } from "./agent-trials.js";
import { calibrate } from "./calibrate.js";
import { readMachineLimits } from "./check-limits.js";
import { mostBlocks, mostBlocksForPrecision, planBlocks } from "./plan-trial.js";
import type { PreparedArm } from "./prepare-arms.js";
import { leavesTime } from "./real-time.js";
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
  await withStage({ scenario, threads, limits, holdsAll: true, agents, observer, signal }, (stage) =>
    runBlocks({ ...settings, ...stage, startNs }),
  );
}

interface Series extends SeriesSettings, Stage {
  readonly startNs: number;
}

async function runBlocks(series: Series): Promise<void> {
  const { scenario, observer, signal, arms, placement, engine, startNs } = series;
  const trial = withAgents(trialRunner({ ...series, bearsPauses: asksNoWholeTail(scenario) }), series);
  const calibration = await calibrate({ arms, scenario, trial, placement, observer });
  const { burnInNs, proxyRealTime } = await burnInAtPriority(series, calibration, trial);

  const elapsedS = (monotonicClock.now() - startNs) / 1e9;
  const leftS = (scenario.maxSeconds ?? Number.POSITIVE_INFINITY) - elapsedS;
  const blockS = burnInNs / 1e9;
  const blocks = Math.min(
    scenario.blocks ?? Number.POSITIVE_INFINITY,
    planBlocksFor(scenario, blockS, leftS),
  );
  await observer.planned({ arms, calibration, blocks, placement, proxyRealTime, engine });

  const prng = createPrng(series.seed);
  const rounds = roundsOf(series);
  for (let block = 0; block < blocks; block++) {
    const secondsLeft = (blocks - block) * blockS;
    for (const [position, { round, arm }] of drawOrder(rounds, prng).entries()) {
      const record = await trial(arm, calibration.loadOf(arm), { block, round, position }, (phase, live) =>
        observer.progress({ phase, arm, block, blocks, live, secondsLeft }),
      ).catch(untilBlockIsVoid);
      // Its other trials would have nothing to stand beside.
      if (record === null) break;
      await storeInPause(() => observer.measured(record), signal);
    }
    if (observer.isEnough(block + 1)) return;
  }
}

/** What is done with a trial's record is done while the sockets settle. Aborted, it is still done to its end. */
export async function storeInPause(store: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const pause = sleep(pauseMs, undefined, { signal });
  pause.catch(() => undefined);
  await store();
  await pause;
}

/** One trial of a block. */
interface Turn {
  readonly round: number;
  readonly arm: PreparedArm;
}

function roundsOf({ scenario, arms }: Series): Turn[][] {
  return scenario.rounds.map((names, round) =>
    names.flatMap((name) => arms.filter(({ plan }) => plan.name === name).map((arm) => ({ round, arm }))),
  );
}

/** A block's order: the rounds shuffled, and within each its arms, which so stay side by side. */
function drawOrder(rounds: readonly (readonly Turn[])[], prng: Prng): Turn[] {
  return shuffled(rounds, prng).flatMap((turns) => shuffled(turns, prng));
}

/** A number of blocks that was asked for is kept to unless the time given with it runs out first. */
function planBlocksFor({ blocks, maxSeconds, precision }: Scenario, blockS: number, leftS: number): number {
  if (blocks !== null && maxSeconds === null) return blocks;
  return planBlocks(blockS, leftS, precision === null ? mostBlocks : mostBlocksForPrecision);
}

interface BurnIn {
  /** How long a block takes, in nanoseconds. */
  readonly burnInNs: number;
  readonly proxyRealTime: boolean;
}

/** At real-time priority where the load is by a schedule and leaves the proxies' processors time. */
async function burnInAtPriority(
  series: Series,
  calibration: Calibration,
  trial: TrialRunner,
): Promise<BurnIn> {
  const isScheduled = series.arms.every((arm) => calibration.loadOf(arm).ratePerS !== null);
  const proxyRealTime = series.startProxiesRealTime(isScheduled);
  const { burnInNs, records } = await burnIn(series, calibration, trial);
  return { burnInNs, proxyRealTime: proxyRealTime && series.startProxiesRealTime(records.every(leavesTime)) };
}

/**
 * One discarded trial of every arm, as it will be measured.
 * @returns how long a block takes, in nanoseconds; a baseline has a trial in each of its rounds
 */
async function burnIn(
  series: Series,
  calibration: Calibration,
  trial: TrialRunner,
): Promise<{ burnInNs: number; records: TrialRecord[] }> {
  const { arms, observer, signal, scenario } = series;
  const startNs = monotonicClock.now();
  const records: TrialRecord[] = [];
  for (const arm of arms) {
    const record = await trial(arm, calibration.loadOf(arm), outsideBlocks, (_phase, live) =>
      observer.progress({ phase: "burn-in", arm, block: -1, blocks: null, live, secondsLeft: null }),
    );
    observer.sentAside(arm, "burnIn", trafficOf(record));
    records.push(record);
    await sleep(pauseMs, undefined, { signal });
  }
  const burnInNs = ((monotonicClock.now() - startNs) * scenario.rounds.flat().length) / arms.length;
  return { burnInNs, records };
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
  line,
  pool,
  seed,
  signal,
  observer,
  bearsPauses: mayPause = false,
}: RunnerSettings): TrialRunner {
  return (arm, load, place, progress) =>
    runTrial({
      arm,
      ...place,
      pool,
      engine,
      placement,
      line,
      seed,
      signal,
      progress,
      cutOff: (traffic) => observer.sentAside(arm, "cutOff", traffic),
      bearsPauses: mayPause,
      ...load,
    });
}

function idleProgress(phase: SeriesPhase): SeriesProgress {
  return { phase, arm: null, block: -1, blocks: null, live: null, secondsLeft: null };
}
