/**
 * One trial from start to end: a fresh proxy, the load, and what the proxy and the backend say of it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Backend } from "../backend/backend-process.js";
import type { BackendReport } from "../backend/messages.js";
import { monotonicClock } from "../base/clock.js";
import type { ObservedFailure } from "../load/failure.js";
import type { LiveFigures } from "../load/live-figures.js";
import type { EngineName, StartOrder } from "../load/messages.js";
import type { GeneratorPool } from "../load/worker-pool.js";
import type { ProxyUsage, RunningProxy } from "../proxy/proxy.js";
import { attributeFailures } from "./attribute-failures.js";
import { judgeGenerator } from "./generator-health.js";
import { makeTarget } from "./make-target.js";
import type { PreparedArm } from "./prepare-arms.js";
import { type LoadResult, type LoadSettings, type RunningLoad, startLoad } from "./run-load.js";
import type { AttributedFailure, ProxyCost, TrialRecord } from "./trial-record.js";

export type TrialPhase = "connect" | "warm-up" | "measure" | "drain";

export interface TrialSettings {
  readonly arm: PreparedArm;
  readonly block: number;
  readonly position: number;
  readonly pool: GeneratorPool;
  readonly engine: EngineName;
  /** Processors of the generator's threads; null for anywhere. */
  readonly cpus: readonly number[] | null;
  /** Null when no arm of the run has one. */
  readonly backend: Backend | null;
  readonly seed: number;
  /** Null in a closed loop. */
  readonly ratePerS: number | null;
  readonly warmupS: number;
  readonly durationS: number;
  readonly signal: AbortSignal;
  readonly progress: (phase: TrialPhase, live: LiveFigures) => void;
}

const progressEveryMs = 100;

/**
 * @throws EnvironmentError when the proxy does not start or the backend has ended
 * @throws the signal's reason when aborted
 */
export async function runTrial(settings: TrialSettings): Promise<TrialRecord> {
  const { arm, backend, signal } = settings;
  const startedAtMs = Date.now();
  const proxy = await arm.proxy.start(signal);
  try {
    const idle = proxy.usage();
    await backend?.reset();
    const load = startLoad(await loadSettings(settings, proxy));
    const watch = watchProgress(load, settings);
    try {
      const order = await load.started;
      const readings = await readAtWindowEdges(order, proxy, arm.foreign ? null : backend, signal);
      const result = await load.result;
      const final = arm.foreign ? null : ((await backend?.report()) ?? null);
      return toRecord({ settings, startedAtMs, order, idle, readings, result, final, proxy });
    } finally {
      // Whatever ended the trial early, its threads have ended too before the proxy is stopped.
      await load.result.catch(() => undefined);
      clearInterval(watch);
    }
  } finally {
    await proxy.stop();
  }
}

async function loadSettings(settings: TrialSettings, proxy: RunningProxy): Promise<LoadSettings> {
  const { arm, pool, engine, cpus, seed, ratePerS, warmupS, durationS, signal } = settings;
  const { target, workload } = arm.plan;
  return {
    pool,
    engine,
    cpus,
    target: await makeTarget({ arm: target, endpoint: proxy.endpoint, workload, givenCaPem: arm.givenCaPem }),
    workload,
    answers: arm.answers,
    seed,
    ratePerS,
    warmupNs: warmupS * 1e9,
    durationNs: durationS * 1e9,
    signal,
  };
}

function watchProgress(load: RunningLoad, { progress }: TrialSettings): NodeJS.Timeout {
  let order: StartOrder | null = null;
  load.started.then(
    (given) => {
      order = given;
    },
    () => undefined,
  );
  return setInterval(() => progress(phaseOf(order), load.live()), progressEveryMs);
}

function phaseOf(order: StartOrder | null): TrialPhase {
  if (order === null) return "connect";
  const now = monotonicClock.now();
  if (now < order.measureNs) return "warm-up";
  return now < order.endNs ? "measure" : "drain";
}

/** What proxy and backend had used at one edge of the window. */
interface Reading {
  readonly atNs: number;
  readonly proxy: ProxyUsage;
  readonly backend: BackendReport | null;
}

interface WindowReadings {
  readonly measuredAtMs: number;
  readonly first: Reading;
  readonly last: Reading;
}

async function readAtWindowEdges(
  order: StartOrder,
  proxy: RunningProxy,
  backend: Backend | null,
  signal: AbortSignal,
): Promise<WindowReadings> {
  const read = async (atNs: number): Promise<Reading> => {
    await sleep(Math.max(0, (atNs - monotonicClock.now()) / 1e6), undefined, { signal });
    const usage = proxy.usage();
    const readAtNs = monotonicClock.now();
    return { atNs: readAtNs, proxy: usage, backend: (await backend?.report()) ?? null };
  };
  const first = await read(order.measureNs);
  const measuredAtMs = Date.now() - (monotonicClock.now() - order.measureNs) / 1e6;
  return { measuredAtMs, first, last: await read(order.endNs) };
}

interface Measured {
  readonly settings: TrialSettings;
  readonly startedAtMs: number;
  readonly order: StartOrder;
  readonly idle: ProxyUsage;
  readonly readings: WindowReadings;
  readonly result: LoadResult;
  readonly final: BackendReport | null;
  readonly proxy: RunningProxy;
}

function toRecord(measured: Measured): TrialRecord {
  const { settings, startedAtMs, order, readings, result, final, proxy } = measured;
  const { arm, block, position, engine, ratePerS } = settings;
  const { opened, failed, held, counts, histograms } = result;
  const requested = arm.plan.workload.connections;
  const sendLagNs = histograms.get("sendLag")?.quantile(0.99) ?? null;
  const generator = judgeGenerator({
    cpuShare: result.cpuShare,
    sendLagUsP99: sendLagNs === null ? null : sendLagNs / 1e3,
    offered: ratePerS === null ? null : { due: counts.windowDue, sent: counts.windowSent },
  });
  const record: Omit<TrialRecord, "disqualifiedBecause"> = {
    arm: arm.plan.name,
    block,
    position,
    startedAtMs,
    measuredAtMs: readings.measuredAtMs,
    durationNs: order.endNs - order.measureNs,
    warmupNs: order.measureNs - order.startNs,
    engine,
    connections: { requested, opened, failed, held },
    counts,
    backendMessages:
      final?.counts == null
        ? null
        : { received: final.counts.messagesReceived, sent: final.counts.messagesSent },
    ratePerS,
    histograms,
    failures: attribute(measured),
    proxyCost: arm.hasProxy ? proxyCostOf(measured) : null,
    generator,
    backendCpuShare: backendShare(readings),
    proxyLog: proxy.log(),
  };
  return { ...record, disqualifiedBecause: disqualifications(record) };
}

function attribute({ settings: { arm }, result, final, proxy }: Measured): AttributedFailure[] {
  const failures: ObservedFailure[] = [...result.failures];
  const exit = proxy.exited();
  if (exit !== null) {
    const how = exit.signal === null ? `code ${exit.code}` : `signal ${exit.signal}`;
    failures.push({
      kind: "proxy-exited",
      code: exit.code,
      count: 1,
      example: `the proxy ended with ${how}`,
    });
  }
  const counts = final?.counts ?? null;
  return attributeFailures(failures, {
    peer: arm.hasProxy ? "proxy" : arm.foreign ? "unknown" : "backend",
    backendAnsweredAll: counts === null ? null : counts.messagesSent >= counts.messagesReceived,
    backendReceivedAll: counts === null ? null : counts.messagesReceived >= result.counts.totalSent,
  });
}

function proxyCostOf({ idle, readings: { first, last }, result }: Measured): ProxyCost {
  const { opened, counts } = result;
  const cpuNs =
    last.proxy.cpuNs === null || first.proxy.cpuNs === null ? null : last.proxy.cpuNs - first.proxy.cpuNs;
  const rssBytes = last.proxy.rssBytes;
  return {
    cpuUsPerMessage:
      cpuNs === null || counts.repliesInWindow === 0 ? null : cpuNs / 1e3 / counts.repliesInWindow,
    cpuShare: cpuNs === null ? null : cpuNs / (last.atNs - first.atNs),
    rssBytes,
    rssBytesPerConnection:
      rssBytes === null || idle.rssBytes === null || opened === 0
        ? null
        : (rssBytes - idle.rssBytes) / opened,
  };
}

function backendShare({ first, last }: WindowReadings): number | null {
  if (first.backend === null || last.backend === null) return null;
  return (last.backend.cpuNs - first.backend.cpuNs) / (last.atNs - first.atNs);
}

/** Why this trial's block must be left out: never for a value, only for what went wrong (statistics.md, lost trial). */
function disqualifications(record: Omit<TrialRecord, "disqualifiedBecause">): string[] {
  const { connections, counts, generator, failures } = record;
  const reasons = [...generator.reasons];
  if (connections.opened < connections.requested) reasons.push("connections-not-opened");
  if (connections.held < connections.opened) reasons.push("connections-lost");
  if (counts.windowReceived < counts.windowSent) reasons.push("replies-missing");
  if (failures.some(({ kind }) => kind === "proxy-exited")) reasons.push("proxy-exited");
  return reasons;
}
