/**
 * A whole run: prepare, calibrate, burn in, then blocks of one trial of every arm, each block in an order drawn for
 * it, until the observer has seen enough or the plan is done.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { startBackendGroup } from "../backend/backend-group.js";
import type { Backend } from "../backend/backend-process.js";
import { monotonicClock } from "../base/clock.js";
import { createProcessGuard, type ProcessGuard } from "../base/owned-process.js";
import { createPrng, type Prng, shuffled } from "../base/prng.js";
import { createWorkspace } from "../base/workspace.js";
import { isLinuxLayerAvailable } from "../linux/linux-layer.js";
import { createProcessPool, createThreadPool, type GeneratorPool } from "../load/generator-pool.js";
import type { EngineName } from "../load/messages.js";
import type { Scenario } from "../scenario/scenario.js";
import { calibrate } from "./calibrate.js";
import { checkLimits, readMachineLimits } from "./check-limits.js";
import { chooseEngine } from "./choose-engine.js";
import {
  latePinnedGuard,
  type Placement,
  pinProcess,
  planPlacement,
  usableCpus,
  workersOf,
} from "./placement.js";
import { mostBlocks, mostBlocksForPrecision, planBlocks } from "./plan-trial.js";
import { preflightArm } from "./preflight.js";
import { type PreparedArm, prepareArms } from "./prepare-arms.js";
import { runTrial } from "./run-trial.js";
import { backendScale, generatorProcesses, type MachineLimits } from "./scale.js";
import {
  type Calibration,
  outsideBlocks,
  type SeriesObserver,
  type SeriesPhase,
  type SeriesProgress,
  type TrialRunner,
} from "./series.js";

export interface SeriesSettings {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly threads: number;
  readonly observer: SeriesObserver;
  readonly signal: AbortSignal;
}

/** Between two trials, so that closing sockets do not run into the next one (statistics.md, Limits). */
const pauseMs = 100;

/** Runs a scenario. @throws the signal's reason when aborted, after everything it started has ended */
export async function runSeries(settings: SeriesSettings): Promise<void> {
  const { scenario, observer, signal } = settings;
  const limits = readMachineLimits();
  checkLimits(scenario.arms, limits);
  observer.progress(idleProgress("prepare"));
  const workspace = await createWorkspace();
  const guard = createProcessGuard(workspace.path);
  const usable = usableCpus();
  let backend: Backend | null = null;
  let pool: GeneratorPool | null = null;
  try {
    const startNs = monotonicClock.now();
    backend = await startBackend(scenario, guard, limits);
    // Where the proxies run is known only once their configs have been read.
    const placed: { proxy: readonly number[] | null } = { proxy: null };
    const arms = await prepareArms(scenario.arms, {
      workspace,
      guard: latePinnedGuard(guard, () => placed.proxy),
      backend,
      signal,
    });
    const workers = Math.max(...arms.map((arm) => workersOf(arm, usable)));
    const placement = planPlacement(usable, workers, scenario.cpus);
    placed.proxy = placement.proxy;
    for (const pid of backend?.pids ?? []) pinProcess(pid, placement.backend);
    // This thread has little to do, and is not to do it on the proxy's processor.
    pinProcess(process.pid, placement.generator);
    for (const arm of arms) await preflightArm(arm, signal);
    const processes = generatorProcesses(scenario.arms, limits);
    pool = processes === 1 ? createThreadPool(settings.threads) : createProcessPool(processes, guard);
    await runBlocks({ ...settings, arms, backend, pool, engine: chooseEngine(arms), placement, startNs });
  } finally {
    pinProcess(process.pid, usable);
    await pool?.close();
    await backend?.stop();
    await workspace.remove();
    guard.release();
  }
}

/** One backend for all arms; none when every arm is a URL. It upgrades on any path: proxies may change it. */
async function startBackend(
  { arms }: Scenario,
  guard: ProcessGuard,
  limits: MachineLimits,
): Promise<Backend | null> {
  if (arms.every(({ target }) => target.kind === "url")) return null;
  const { processes, ports } = backendScale(arms, limits);
  const deflate = arms.some(({ workload }) => workload.deflate);
  // Receive stamps need the epoll server; where that cannot serve, there is no split.
  const stamps = !deflate && isLinuxLayerAvailable().available;
  const options = { host: "127.0.0.1", port: 0, ports, path: null, once: false, deflate, stamps };
  return startBackendGroup(guard, options, processes);
}

interface Series extends SeriesSettings {
  readonly arms: readonly PreparedArm[];
  readonly backend: Backend | null;
  readonly pool: GeneratorPool;
  readonly engine: EngineName;
  readonly placement: Placement;
  readonly startNs: number;
}

async function runBlocks(series: Series): Promise<void> {
  const { scenario, observer, signal, arms, placement, engine, startNs } = series;
  const trial = trialRunner(series);
  const calibration = await calibrate({ arms, scenario, trial, observer });
  const burnInNs = await burnIn(series, calibration, trial);

  const elapsedS = (monotonicClock.now() - startNs) / 1e9;
  const leftS = (scenario.maxSeconds ?? Number.POSITIVE_INFINITY) - elapsedS;
  const blockS = burnInNs / 1e9;
  const blocks = Math.min(
    scenario.blocks ?? Number.POSITIVE_INFINITY,
    planBlocksFor(scenario, blockS, leftS),
  );
  await observer.planned({ arms, calibration, blocks, placement, engine });

  const prng = createPrng(series.seed);
  const rounds = roundsOf(series);
  for (let block = 0; block < blocks; block++) {
    const secondsLeft = (blocks - block) * blockS;
    for (const [position, { round, arm }] of drawOrder(rounds, prng).entries()) {
      const record = await trial(arm, calibration.loadOf(arm), { block, round, position }, (phase, live) =>
        observer.progress({ phase, arm, block, blocks, live, secondsLeft }),
      );
      await observer.measured(record);
      await sleep(pauseMs, undefined, { signal });
    }
    if (observer.isEnough(block + 1)) return;
  }
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

/**
 * One discarded trial of every arm, as it will be measured.
 * @returns how long a block takes, in nanoseconds; a baseline has a trial in each of its rounds
 */
async function burnIn(series: Series, calibration: Calibration, trial: TrialRunner): Promise<number> {
  const { arms, observer, signal, scenario } = series;
  const startNs = monotonicClock.now();
  for (const arm of arms) {
    await trial(arm, calibration.loadOf(arm), outsideBlocks, (_phase, live) =>
      observer.progress({ phase: "burn-in", arm, block: -1, blocks: null, live, secondsLeft: null }),
    );
    await sleep(pauseMs, undefined, { signal });
  }
  return ((monotonicClock.now() - startNs) * scenario.rounds.flat().length) / arms.length;
}

function trialRunner({ engine, placement, pool, backend, seed, signal }: Series): TrialRunner {
  return (arm, load, place, progress) =>
    runTrial({
      arm,
      ...place,
      pool,
      engine,
      cpus: placement.generator,
      backend,
      seed,
      signal,
      progress,
      ...load,
    });
}

function idleProgress(phase: SeriesPhase): SeriesProgress {
  return { phase, arm: null, block: -1, blocks: null, live: null, secondsLeft: null };
}
