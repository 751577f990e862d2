/**
 * Rounds of a storm for every arm whose proxy can be restarted where it was: open all, restart, and watch them come
 * back, by turns as clients that do not think and as clients that back off.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicClock } from "../../base/clock.js";
import type { LatencyHistogram } from "../../base/latency-histogram.js";
import type { ReconnectKind, RecordedSeries, WindowMessage } from "../../load/messages.js";
import type { SeenProxy } from "../../proxy/seen-proxy.js";
import { countedOpened } from "../counted-opened.js";
import type { PreparedArm } from "../prepare-arms.js";
import { type RunningLoad, startLoad } from "../run-load.js";
import { loadSettings } from "../run-trial.js";
import { type LoadWindow, WindowGatherer } from "../soak/gather-windows.js";
import { type TrafficObserver, trafficUntil } from "../traffic.js";
import type { Stage } from "../with-stage.js";
import type { CapacityWork } from "./capacity-work.js";
import { listenBacklog } from "./listen-backlog.js";
import type { HandshakeTimes, StormRestart, StormRound } from "./storm.js";

const rounds = 3;
/** Without a thought, and as a good client does. */
const policies: readonly ReconnectKind[] = ["at-once", "backoff"];
/** Between two rounds, for sockets that are still closing. */
const restMs = 100;
/** Long enough for a window of messages before the restart. */
const calmMs = 300;
const windowS = 0.25;
/** What is not back by then will not be. */
const backLimitMs = 30_000;
/** Hardly any messages: it is about connections. */
const messagesPerConnectionS = 0.1;

/** In turns, one arm after the other, so that they share the weather. */
export async function measureStorm({ settings, arms, hasTime }: CapacityWork, stage: Stage): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const reconnect of policies) {
      for (const { arm } of arms) {
        if (arm.proxy.startAt === undefined || !hasTime()) continue;
        const found = await stormOnce({
          arm,
          reconnect,
          stage,
          seed: settings.seed + round,
          observer: settings.observer,
          signal: settings.signal,
        });
        await settings.observer.stormed(arm, found);
        await sleep(restMs, undefined, { signal: settings.signal });
      }
    }
  }
}

interface StormSettings {
  readonly arm: PreparedArm;
  readonly reconnect: ReconnectKind;
  readonly stage: Stage;
  readonly seed: number;
  readonly observer: TrafficObserver;
  readonly signal: AbortSignal;
}

async function stormOnce(settings: StormSettings): Promise<StormRound> {
  const { arm, signal } = settings;
  const { connections } = arm.plan.workload;
  const over = new AbortController();
  const told: LoadWindow[] = [];
  let proxy = await arm.proxy.start(signal);
  let load: RunningLoad | null = null;
  try {
    const { cpuNs: cpuBefore } = await proxy.usage();
    load = await begin({ ...settings, signal: AbortSignal.any([signal, over.signal]) }, proxy, told);
    await load.started;
    const { cpuNs: cpuAfter } = await proxy.usage();
    const { opened, openingPerS: perS } = await countedOpened(load, connections);
    await sleep(calmMs, undefined, { signal });
    await proxy.stop();
    const endedNs = monotonicClock.now();
    proxy = (await arm.proxy.startAt?.(signal, proxy.endpoint.port)) ?? proxy;
    const upNs = monotonicClock.now();
    const port = arm.proxy.agent === undefined ? proxy.endpoint.port : null;
    const back = await untilBack(load, { all: opened, upNs, port, signal });
    // The window in which the last came back is told when it ends.
    await sleep(2 * windowS * 1e3, undefined, { signal });
    const [opening, ...later] = told;
    const restart: StormRestart = {
      reconnect: settings.reconnect,
      lost: sum(later, ({ upkeep }) => upkeep.lost),
      downMs: (upNs - endedNs) / 1e6,
      ...back,
      failedTries: sum(later, ({ upkeep }) => upkeep.failedTries),
      failures: failuresOf(later),
      times: timesOf(later),
    };
    const cpuUs =
      cpuBefore === null || cpuAfter === null || opened === 0 ? null : (cpuAfter - cpuBefore) / 1e3 / opened;
    const times = timesOf(opening === undefined ? [] : [opening]);
    await end(load, over);
    const { sent, received, ...all } = load.live();
    return {
      opening: { opened, perS: opened === connections ? perS : null, times, cpuUsPerHandshake: cpuUs },
      restart,
      traffic: { messages: { sent, received }, connections: { opened: all.opened, failed: all.failed } },
    };
  } catch (thrown) {
    if (load !== null) {
      await end(load, over);
      settings.observer.sentAside(arm, "cutOff", trafficUntil(load.live(), connections));
    }
    throw thrown;
  } finally {
    await proxy.stop();
  }
}

async function end(load: RunningLoad, over: AbortController): Promise<void> {
  over.abort();
  await load.result.catch(() => undefined);
}

async function begin(
  { arm, reconnect, stage, seed, signal }: StormSettings,
  proxy: SeenProxy,
  told: LoadWindow[],
): Promise<RunningLoad> {
  const { connections } = arm.plan.workload;
  const { pool, engine, placement, line } = stage;
  const gatherer = new WindowGatherer();
  const ratePerS = Math.max(1, connections * messagesPerConnectionS);
  const durationS = (2 * backLimitMs + calmMs) / 1e3;
  const load = { ratePerS, warmupS: 0, durationS };
  const settings = await loadSettings({ arm, pool, engine, placement, line, seed, signal, ...load }, proxy);
  return startLoad({
    ...settings,
    upkeep: { reconnect },
    windows: {
      lengthNs: windowS * 1e9,
      told: (message: WindowMessage, threads) => {
        const window = gatherer.add(message, threads);
        if (window !== null) told.push(window);
      },
    },
  });
}

const lookEveryMs = 2;

interface Comeback {
  /** Connections that were open before. */
  readonly all: number;
  /** When the proxy was up again, on the monotonic clock. */
  readonly upNs: number;
  /** Whose queue is looked at; null for one of another host, which is not seen. */
  readonly port: number | null;
  readonly signal: AbortSignal;
}

/** Looks at how many are open again, and how many wait, every few milliseconds until all are or the time for it is over. */
async function untilBack(
  load: RunningLoad,
  { all, upNs, port, signal }: Comeback,
): Promise<Pick<StormRestart, "backMs" | "backlogPeak">> {
  const looks: { readonly atNs: number; readonly back: number }[] = [];
  let backlogPeak: number | null = null;
  for (;;) {
    const look = { atNs: monotonicClock.now(), back: load.live().opened - all };
    looks.push(look);
    const waiting = port === null ? null : listenBacklog(port);
    if (waiting !== null) backlogPeak = Math.max(backlogPeak ?? 0, waiting);
    if (look.back >= all || look.atNs >= upNs + backLimitMs * 1e6) break;
    await sleep(lookEveryMs, undefined, { signal });
  }
  const after = (share: number): number | null => {
    const look = looks.find(({ back }) => back >= share * all);
    return look === undefined ? null : Math.max(0, (look.atNs - upNs) / 1e6);
  };
  return { backMs: { half: after(0.5), p90: after(0.9), p99: after(0.99), all: after(1) }, backlogPeak };
}

function sum(windows: readonly LoadWindow[], pick: (window: LoadWindow) => number): number {
  return windows.reduce((total, window) => total + pick(window), 0);
}

function failuresOf(windows: readonly LoadWindow[]): StormRestart["failures"] {
  const counts = new Map<StormRestart["failures"][number]["kind"], number>();
  for (const { kind, count } of windows.flatMap(({ failures }) => failures)) {
    counts.set(kind, (counts.get(kind) ?? 0) + count);
  }
  return [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count);
}

function timesOf(windows: readonly LoadWindow[]): HandshakeTimes {
  const of = (series: RecordedSeries): { p50: number | null; p99: number | null } | null => {
    const some = windows.flatMap(({ histograms }) => histograms.get(series) ?? []);
    const [whole, ...rest] = some as readonly LatencyHistogram[];
    if (whole === undefined) return null;
    for (const histogram of rest) whole.add(histogram);
    const us = (quantile: number): number | null => {
      const value = whole.quantile(quantile);
      return value === null ? null : value / 1e3;
    };
    return { p50: us(0.5), p99: us(0.99) };
  };
  const untold = { p50: null, p99: null };
  return { connect: of("connect") ?? untold, tls: of("tls"), upgrade: of("upgrade") ?? untold };
}
