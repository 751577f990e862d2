/**
 * What every measurement stands on: one backend, arms prepared and found to answer, the processors shared out, and the
 * generator's threads or processes. Set up once, and taken down whatever happens.
 */
import type { Backend } from "../backend/backend-process.js";
import { createProcessGuard } from "../base/owned-process.js";
import { createWorkspace } from "../base/workspace.js";
import type { Crew } from "../cluster/crew.js";
import type { CrewOrder } from "../cluster/gather-crew.js";
import type { BackendPlace } from "../cluster/protocol.js";
import type { MachineLimits } from "../diagnosis/limit.js";
import type { KernelSettings } from "../line/kernel-settings.js";
import { type LaidLine, layLine } from "../line/line-process.js";
import { inLineNetwork } from "../line/own-network.js";
import { createProcessPool, createThreadPool, type GeneratorPool } from "../load/generator-pool.js";
import type { EngineName } from "../load/messages.js";
import { type ResidenceWatch, watchResidence } from "../residence/residence-process.js";
import type { Scenario } from "../scenario/scenario.js";
import { checkLimits } from "./check-limits.js";
import { requireRoom } from "./check-room.js";
import { chooseEngine } from "./choose-engine.js";
import { type Sides, sidesOf } from "./epoch/sides.js";
import { unread } from "./foretell-arms.js";
import {
  latePlacedGuard,
  type Placement,
  pinProcess,
  placesProxies,
  planPlacement,
  usableCpus,
  workersOf,
} from "./placement.js";
import { preflightArm } from "./preflight.js";
import { type PreparedArm, prepareArms } from "./prepare-arms.js";
import { RealTime } from "./real-time.js";
import { generatorProcesses } from "./scale.js";
import {
  gatherAgents,
  requireAgentRoom,
  requireNoProxyCpus,
  startAgentBackend,
  withFilesOf,
  withoutLoad,
} from "./stage-agents.js";
import { startBackend } from "./stage-backend.js";
import { reachedBehind, startBehind } from "./stage-behind.js";
import { asksForLine, requireLineTo } from "./stage-line.js";
import { asksForResidence, requirePlain, requireResidenceOf } from "./stage-residence.js";
import type { TrafficObserver } from "./traffic.js";

interface StageSettings {
  readonly scenario: Scenario;
  readonly threads: number;
  readonly limits: MachineLimits;
  /** Whether every arm must hold all of its load's connections; a search goes on until one does not. */
  readonly holdsAll: boolean;
  /** Agents that make the load in this machine's place; null for none. */
  readonly agents?: CrewOrder | null;
  /** How many arms run side by side, each with a backend and a generator of its own; left out: one. */
  readonly sideBySide?: number;
  /** Whether there is a line between clients and proxy, whatever the workloads say. */
  readonly takesLine?: boolean;
  readonly observer: TrafficObserver;
  readonly signal: AbortSignal;
}

export interface Stage {
  readonly arms: readonly PreparedArm[];
  /** Agents were lost: puts the backends of those that are left, and no others, behind every arm. */
  regroup(): Promise<void>;
  /** A second one like it, the same each time. @throws EnvironmentError when it cannot listen */
  secondBackend(): Promise<Backend | null>;
  /** Null where clients connect to the proxy as they are. */
  readonly line: LaidLine | null;
  /** Sees packets at the proxies; null where nobody asks. */
  readonly residence: ResidenceWatch | null;
  readonly pool: GeneratorPool;
  /** Of arms that run side by side: this generator is the first. */
  readonly sides: Sides;
  /** Null where this machine does all of it. */
  readonly crew: Crew | null;
  /** The run's own, and that the host of its proxies is lost. */
  readonly signal: AbortSignal;
  readonly engine: EngineName;
  readonly placement: Placement;
  readonly realTime: RealTime;
}

/**
 * Prepares a scenario's arms, does the work, and ends everything that it started.
 * @throws UsageError or EnvironmentError when an arm cannot be prepared, does not answer, or has no room for its load,
 * and whatever the work throws
 */
export async function withStage<Result>(
  settings: StageSettings,
  work: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const { scenario, limits, takesLine = false, agents = null } = settings;
  for (const arm of scenario.arms) requireResidenceOf(arm, agents !== null);
  if (!takesLine && !asksForLine(scenario.arms)) return setStage(settings, null, work);
  for (const arm of scenario.arms) requireLineTo(arm, limits, agents !== null);
  return inLineNetwork((kernel) => setStage(settings, kernel, work));
}

/** @param kernel for a network of the run's own, which a line is laid in; null where it has none */
async function setStage<Result>(
  settings: StageSettings,
  kernel: KernelSettings | null,
  work: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const { scenario, threads, limits: own, holdsAll, agents: order = null, observer } = settings;
  const { sideBySide = 1 } = settings;
  let { signal } = settings;
  const isLoadHere = order === null || order.agents === 0;
  // What no config can change goes first: it may be processes by the dozen.
  const limits = isLoadHere ? own : withoutLoad(own);
  if (holdsAll) checkLimits(scenario.arms.map(unread), limits);
  const workspace = await createWorkspace();
  const guard = createProcessGuard(workspace.path);
  const usable = usableCpus();
  let backend: Backend | null = null;
  const second: { backend: Promise<Backend | null> | null } = { backend: null };
  let behind: Awaited<ReturnType<typeof startBehind>> = null;
  let line: LaidLine | null = null;
  let residence: ResidenceWatch | null = null;
  let pool: GeneratorPool | null = null;
  const apart: { backends: Backend[]; pools: GeneratorPool[] } = { backends: [], pools: [] };
  let crew: Crew | null = null;
  try {
    const agents = order === null ? null : await gatherAgents(scenario.arms, order, { observer, signal });
    pool = agents?.pool ?? null;
    crew = agents?.crew ?? null;
    const proxyHost = crew?.proxyHost ?? null;
    if (proxyHost !== null) {
      requireNoProxyCpus(scenario);
      signal = AbortSignal.any([signal, proxyHost.gone]);
    }
    if (crew !== null) observer.agents?.(crew.standings());
    if (crew?.loads && holdsAll) requireAgentRoom(scenario.arms, crew);
    // It brings up the loopback interface, without which nothing is reached.
    if (kernel !== null) line = await layLine(guard, kernel);
    if (asksForResidence(scenario.arms)) residence = await watchResidence(guard);
    const startedBackend = (place?: BackendPlace): Promise<Backend | null> =>
      crew?.loads
        ? startAgentBackend(scenario, crew, own, place)
        : startBackend(scenario, { guard, limits, host: order?.facing ?? "127.0.0.1" });
    backend = await startedBackend();
    while (backend !== null && apart.backends.length < sideBySide - 1) {
      const more = await startedBackend();
      if (more !== null) apart.backends.push(more);
    }
    signal.throwIfAborted();
    behind = await startBehind(scenario, guard);
    // Where the proxies run is known only once their configs have been read.
    const placed: { cpus: readonly number[] | null; realTime: RealTime | null } = {
      cpus: null,
      realTime: null,
    };
    const prepare = (given: Backend | null, generation: number): Promise<PreparedArm[]> =>
      prepareArms(scenario.arms, {
        workspace,
        guard: latePlacedGuard(guard, () => {
          return { cpus: placed.cpus, isRealTime: placed.realTime?.parts.proxies === true };
        }),
        backends: given === null ? [] : [given, ...apart.backends],
        behind,
        placesProxies: placesProxies(usable, scenario.cpus),
        facing: order?.facing ?? null,
        proxyHost,
        generation,
        signal,
      });
    const prepared = await prepare(backend, 0);
    prepared.forEach(requirePlain);
    const shifted = [prepared];
    while (shifted.length < sideBySide) shifted.push(await prepare(backend, shifted.length));
    if (holdsAll) {
      requireRoom(prepared, limits);
      checkLimits(prepared, proxyHost === null ? limits : withFilesOf(proxyHost, limits));
    }
    const workers = proxyHost === null ? Math.max(...prepared.map(workersOf)) : 0;
    const planned = planPlacement(usable, workers, scenario.cpus);
    const placement = isLoadHere ? planned : { ...planned, generator: null, backend: null };
    placed.cpus = placement.proxy;
    const backends = [backend, ...apart.backends, behind?.backend];
    const backendPids = [...new Set(backends.flatMap((one) => one?.pids ?? []))];
    for (const pid of backendPids) pinProcess(pid, placement.backend);
    const mayEnds = isLoadHere && line === null && residence === null;
    const realTime = new RealTime({ placement, backendPids, mayEnds });
    placed.realTime = realTime;
    const beside = [line, residence].flatMap((one) => one?.pids ?? []);
    for (const pid of beside) pinProcess(pid, placement.generator);
    // This thread has little to do, and is not to do it on the proxy's processor.
    pinProcess(process.pid, planned.generator);
    const arms: PreparedArm[] = [];
    for (const found of prepared) {
      const arm = await reachedBehind(found, observer, signal);
      observer.sentAside(arm, "preflight", await preflightArm(arm, signal));
      arms.push(arm);
    }
    const processes = generatorProcesses(scenario.arms, limits);
    pool ??= processes === 1 ? createThreadPool(threads) : createProcessPool(processes, guard);
    while (apart.pools.length < sideBySide - 1) apart.pools.push(createThreadPool(threads));
    let generation = 0;
    return await work({
      arms,
      async regroup() {
        if (backend === null) return;
        // What the run has of them stands behind the agents that are left.
        backend = await startedBackend();
        const regrouped = await prepare(backend, ++generation);
        for (const [index, arm] of arms.entries()) {
          const { proxy, backend: behindIt } = regrouped[index] as PreparedArm;
          Object.assign(arm, { proxy, backend: behindIt });
        }
      },
      async secondBackend() {
        second.backend ??= startedBackend("second");
        const other = await second.backend;
        for (const pid of other?.pids ?? []) pinProcess(pid, placement.backend);
        return other;
      },
      line,
      residence,
      pool,
      sides: sidesOf(scenario.arms, shifted, [pool, ...apart.pools]),
      crew,
      signal,
      engine: chooseEngine(arms),
      placement,
      realTime,
    });
  } catch (thrown) {
    if (!settings.signal.aborted) crew?.proxyHost?.gone.throwIfAborted();
    throw thrown;
  } finally {
    pinProcess(process.pid, usable);
    crew?.takeSkewNs();
    if (crew !== null) observer.agents?.(crew.standings());
    for (const one of [pool, ...apart.pools]) await one?.close();
    await crew?.close();
    for (const one of [backend, ...apart.backends]) await one?.stop();
    await behind?.backend.stop();
    await (await second.backend?.catch(() => null))?.stop();
    for (const one of [line, residence]) await one?.stop();
    await workspace.remove();
    guard.release();
  }
}
