/**
 * One arm, one load, and an event in the middle of it: watched until everybody is back, or patience is over.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Backend } from "../../backend/backend-process.js";
import { monotonicClock } from "../../base/clock.js";
import type { ProxyDiary } from "../../proxy/proxy-diary.js";
import { atOnce, type SeenProxy } from "../../proxy/seen-proxy.js";
import { quietDiary } from "../quiet-diary.js";
import { type RunningLoad, startLoad } from "../run-load.js";
import { loadSettings } from "../run-trial.js";
import { trafficUntil } from "../traffic.js";
import { besideCount } from "./beside-clients.js";
import { type DeadPeers, openDeadPeers } from "./dead-peers.js";
import { doEvent, prepareEvent } from "./do-event.js";
import { Heard, windowNs } from "./heard.js";
import { startForEvent } from "./require-event.js";
import { isWeather } from "./rollout-event.js";
import type { RolloutRecord } from "./rollout-record.js";
import type { RolloutTurn } from "./rollout-settings.js";
import { openSlowReaders, type SlowReaders } from "./slow-readers.js";
import { attributed, recordOf } from "./to-rollout-record.js";
import { watchCertificate } from "./watch-certificate.js";
import { watchProcesses } from "./watch-processes.js";

const lookEveryMs = 20;
/** Load after the last that happened, so that there is an after to look at. */
const calmMs = 1000;
/** Nobody may have noticed yet. */
const leastAfterMs = 2000;
/** For replies under way when the run ends. */
const drainMs = 2000;

/**
 * @throws EnvironmentError when the proxy does not start, refuses the event, or does not come back
 */
export async function rollOutOnce(turn: RolloutTurn): Promise<RolloutRecord> {
  const { arm, stage, plan } = turn;
  const { toBinary, weather } = plan;
  // A load that fails, as by an agent that is lost, is not watched to the end of patience.
  const early = new AbortController();
  const signal = AbortSignal.any([turn.signal, early.signal]);
  const { line } = stage;
  const second = plan.event === "blue-green" ? await stage.secondBackend() : null;
  let [backend, nextBackend] = [arm.backend, second];
  let proxy = await startForEvent(plan.event, arm, signal);
  let load: RunningLoad | null = null;
  const watch = watchProcesses(() => proxy);
  let certificates: Awaited<ReturnType<typeof watchCertificate>> | null = null;
  let slowReaders: SlowReaders | null = null;
  let deadPeers: DeadPeers | null = null;
  try {
    await arm.backend?.reset();
    await second?.reset();
    const heard = new Heard();
    const settings = await settingsOf(turn, proxy);
    await line?.set(weather.usual);
    load = beginLoad(turn, settings, heard);
    load.result.catch((thrown: unknown) => early.abort(thrown));
    const order = await load.started;
    const at = (ns: number): Promise<void> =>
      sleep(Math.max(0, (ns - monotonicClock.now()) / 1e6), undefined, { signal });
    const firstNs = order.measureNs + plan.beforeS * 1e9;
    const events: number[] = [];
    const diaries: ProxyDiary[] = [];
    let clients = 0;
    if (plan.event === "cert")
      certificates = await watchCertificate(() => proxy.endpoint, settings.target.hostHeader);
    const beside = besideCount(plan.share, arm.plan.workload.connections);
    if (plan.event === "slow-readers") slowReaders = await openSlowReaders(settings.target, beside);
    if (plan.event === "dead-peers" && line !== null)
      deadPeers = await openDeadPeers({
        ...{ target: settings.target, count: beside, line },
        residentBytes: () => atOnce(proxy.residentBytes()),
      });
    for (let time = 0; time < plan.times; time++) {
      await prepareEvent(plan.event, arm);
      await at(firstNs + time * plan.everyS * 1e9);
      await watch.look();
      if (time === 0) {
        clients = openOf(load);
        await line?.count();
      }
      const before = proxy;
      const diary = await quietDiary(turn.arm, proxy);
      events.push(monotonicClock.now());
      const scene = {
        arm,
        proxy,
        backend,
        nextBackend,
        slowReaders,
        deadPeers,
        line,
        weather,
        toBinary,
        signal,
      };
      proxy = await doEvent(plan.event, scene);
      if (nextBackend !== null) [backend, nextBackend] = [nextBackend, backend];
      if (proxy !== before) diaries.push(diary);
    }
    const lastedToNs = isWeather(plan.event) ? monotonicClock.now() : null;
    // What comes over the line alone leaves the proxy's processes as they are.
    const mayCut = (): boolean =>
      deadPeers === null ? lastedToNs === null && watch.hasOld(events[0] ?? firstNs) : deadPeers.kept() > 0;
    await untilOver({ ...turn, signal }, { load, clients, mayCut });
    // Not a moment later: old processes end when their clients have left.
    await watch.look();
    watch.stop();
    await certificates?.stop();
    const endNs = monotonicClock.now();
    const backends = second === null ? null : await openAt(nextBackend, backend);
    const lineFigures = (await line?.figures()) ?? null;
    load.end();
    const result = await load.result;
    diaries.push(await quietDiary(turn.arm, proxy));
    const failures = await attributed(turn, result, diaries, second);
    return recordOf(turn, {
      clients,
      events,
      result,
      failures,
      heard,
      startNs: order.measureNs,
      endNs,
      watch,
      proxyLog: diaries.flatMap(({ lines }) => lines),
      load,
      certificates: certificates?.seen() ?? null,
      backends,
      slowReaders,
      deadPeers,
      lastedToNs,
      line: lineFigures,
    });
  } catch (thrown) {
    // It would go on for as long as it was given.
    load?.end();
    await load?.result.catch(() => undefined);
    if (load !== null)
      turn.observer.sentAside(arm, "cutOff", trafficUntil(load.live(), arm.plan.workload.connections));
    early.signal.throwIfAborted();
    throw thrown;
  } finally {
    watch.stop();
    await certificates?.stop();
    slowReaders?.stop();
    deadPeers?.stop();
    await proxy.stop();
  }
}

function settingsOf(
  { arm, stage, plan, seed, block, signal }: RolloutTurn,
  proxy: SeenProxy,
): ReturnType<typeof loadSettings> {
  const { pool, engine, placement, line } = stage;
  const workload = { ...arm.plan.workload, split: false };
  const { lastsS } = plan.weather;
  const longestS = plan.beforeS + plan.times * (plan.everyS + lastsS + 15) + plan.patienceS + 30;
  const wish = {
    arm: { ...arm, plan: { ...arm.plan, workload } },
    ...{ pool, engine, placement, line, signal },
    seed: seed + block,
    ratePerS: plan.ratePerS,
    warmupS: 0.5,
    durationS: longestS,
    patience: { handshakeMs: 10_000, drainMs },
  };
  return loadSettings(wish, proxy);
}

function beginLoad(
  { reconnect }: RolloutTurn,
  settings: Awaited<ReturnType<typeof loadSettings>>,
  heard: Heard,
): RunningLoad {
  const load = startLoad({
    ...settings,
    upkeep: { reconnect, takesNotes: true },
    windows: { lengthNs: windowNs, told: (message, threads) => heard.told(message, threads) },
  });
  void load.started.then(
    ({ measureNs }) => heard.begin(measureNs),
    () => undefined,
  );
  return load;
}

function openOf(load: RunningLoad): number {
  const { opened, ended } = load.live();
  return opened - ended;
}

/** WebSockets open now at the one from before the last switch, and at the one after it. */
async function openAt(before: Backend | null, after: Backend | null): Promise<RolloutRecord["backends"]> {
  const [old, now] = await Promise.all([before?.report(), after?.report()]);
  return { before: old?.counts?.open ?? 0, after: now?.counts?.open ?? 0 };
}

interface Standing {
  readonly load: RunningLoad;
  readonly clients: number;
  /** Whether somebody is left who may still end, or be ended. */
  readonly mayCut: () => boolean;
}

/**
 * Over when all are back and no old process is left that could still cut somebody, and a while has passed; or when
 * patience is.
 */
async function untilOver(turn: RolloutTurn, { load, clients, mayCut }: Standing): Promise<void> {
  const { plan, signal, observer, arm, block } = turn;
  const from = monotonicClock.now();
  const patienceNs = plan.patienceS * 1e9;
  let calmFrom = from;
  for (;;) {
    const now = monotonicClock.now();
    const isWhole = openOf(load) >= clients;
    if (!isWhole || mayCut()) calmFrom = now;
    const isCalm = now - calmFrom >= calmMs * 1e6 && now - from >= leastAfterMs * 1e6;
    if (isCalm || now - from >= patienceNs) return;
    observer.progress({
      phase: "watch",
      arm,
      block,
      blocks: plan.blocks,
      live: load.live(),
      secondsLeft: (patienceNs - (now - from)) / 1e9,
    });
    await sleep(lookEveryMs, undefined, { signal });
  }
}
