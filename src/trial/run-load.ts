/**
 * Spreads one trial's load over the generator threads and merges what they report.
 */
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { monotonicClock } from "../base/clock.js";
import { LatencyHistogram } from "../base/latency-histogram.js";
import { FailureTally, type ObservedFailure } from "../load/failure.js";
import type { GeneratorPool } from "../load/generator-pool.js";
import { createLiveMemory, type LiveFigures, readLiveFigures } from "../load/live-figures.js";
import {
  type EngineName,
  type HeartbeatCounts,
  type ReadyMessage,
  type RecordedSeries,
  recordedSeries,
  type StartOrder,
  type Target,
  type ThreadCounts,
  type ThreadReport,
  type TlsCount,
} from "../load/messages.js";
import { shareOut } from "../load/share-out.js";
import { TlsTally } from "../load/tls-tally.js";
import type { Workload } from "../scenario/workload.js";

export interface LoadSettings {
  readonly pool: GeneratorPool;
  readonly engine: EngineName;
  readonly cpus: readonly number[] | null;
  readonly sources: readonly string[];
  readonly target: Target;
  readonly workload: Workload;
  /** One message of so many carries the backend's times; 0 for none. */
  readonly splitEvery: number;
  readonly answers: readonly string[];
  readonly seed: number;
  /** For the whole arm; null in a closed loop. */
  readonly ratePerS: number | null;
  readonly warmupNs: number;
  readonly durationNs: number;
  readonly signal: AbortSignal;
}

export interface LoadResult {
  readonly heartbeats: HeartbeatCounts | null;
  readonly tls: readonly TlsCount[];
  readonly opened: number;
  readonly failed: number;
  readonly held: number;
  readonly counts: ThreadCounts;
  readonly failures: readonly ObservedFailure[];
  readonly histograms: ReadonlyMap<RecordedSeries, LatencyHistogram>;
  /** Of the busiest thread; null where it was not measured. */
  readonly cpuShare: number | null;
}

/** A load on its way. */
export interface RunningLoad {
  live(): LiveFigures;
  /** Resolves when every thread has opened its connections; the window's times are then fixed. */
  readonly started: Promise<StartOrder>;
  readonly result: Promise<LoadResult>;
}

const handshakeTimeoutMs = 10_000;
/** How long replies are waited for once the sending has ended. */
const drainNs = 5e9;
/** Between the order to start and the start, so that every thread has it in time. */
const startDelayNs = 10e6;

export function startLoad(settings: LoadSettings): RunningLoad {
  const { pool, workload } = settings;
  const parts = shareOut(workload.connections, Math.min(pool.threads, workload.connections));
  const early = new AbortController();
  const signal = AbortSignal.any([settings.signal, early.signal]);
  const threads = parts.map((connections, index) =>
    startThread({ ...settings, signal }, connections, parts.length, index),
  );
  const failed = endTogether(
    threads.map((thread) => thread.report),
    (thrown) => early.abort(thrown),
  );
  const started = Promise.race([
    giveOrders(settings, threads),
    // A thread that dies before it is ready must end the wait for it.
    failed.then((): never => {
      throw new Error("The generator threads ended before they were told to start");
    }),
  ]);
  const result = failed.then(mergeReports);
  // An abort may come while whoever will wait for these is waiting for something else.
  started.catch(() => undefined);
  result.catch(() => undefined);
  return {
    live: () => readLiveFigures(threads.map((thread) => thread.live)),
    started,
    result,
  };
}

/** When one ends early the others are ended too, and only when all have ended is the failure told. */
async function endTogether(
  reports: readonly Promise<ThreadReport>[],
  endOthers: (thrown: unknown) => void,
): Promise<ThreadReport[]> {
  let failure: { readonly thrown: unknown } | null = null;
  const outcomes = await Promise.all(
    reports.map((report) =>
      report.catch((thrown: unknown) => {
        failure ??= { thrown };
        endOthers(thrown);
        return null;
      }),
    ),
  );
  if (failure !== null) throw (failure as { readonly thrown: unknown }).thrown;
  return outcomes.filter((report) => report !== null);
}

interface Thread {
  readonly port: MessagePort;
  readonly ready: Promise<ReadyMessage>;
  readonly report: Promise<ThreadReport>;
  readonly live: SharedArrayBuffer;
}

function startThread(settings: LoadSettings, connections: number, threads: number, index: number): Thread {
  const { pool, engine, cpus, target, workload, answers, seed, signal } = settings;
  const { port1, port2 } = new MessageChannel();
  const live = createLiveMemory();
  const ready = new Promise<ReadyMessage>((resolve) => {
    port1.once("message", resolve);
  });
  const report = pool.run(
    {
      engine,
      cpus,
      target,
      connections,
      sources: settings.sources,
      rampPerS: workload.rampPerS === null ? null : workload.rampPerS / threads,
      handshakeTimeoutMs,
      busyPoll: workload.busyPoll,
      heartbeatS: workload.heartbeatS,
      message: workload.message,
      splitEvery: settings.splitEvery,
      answers,
      seed: seed + index,
      port: port2,
      live,
    },
    signal,
  );
  const closePort = (): void => port1.close();
  report.then(closePort, closePort);
  return { port: port1, ready, report, live };
}

/** The rate is shared by the connections that each thread has really opened. */
async function giveOrders(settings: LoadSettings, threads: readonly Thread[]): Promise<StartOrder> {
  const ready = await Promise.all(threads.map((thread) => thread.ready));
  const opened = ready.reduce((sum, message) => sum + message.opened, 0);
  const startNs = monotonicClock.now() + startDelayNs;
  const measureNs = startNs + settings.warmupNs;
  const { arrivals } = settings.workload;
  const order = { startNs, measureNs, endNs: measureNs + settings.durationNs, drainNs, arrivals };
  threads.forEach((thread, index) => {
    const share = opened === 0 ? 1 / threads.length : (ready[index]?.opened ?? 0) / opened;
    const ratePerS = settings.ratePerS === null ? null : settings.ratePerS * share;
    thread.port.postMessage({ ...order, ratePerS, phase: index / threads.length } satisfies StartOrder);
  });
  return { ...order, ratePerS: settings.ratePerS, phase: 0 };
}

function mergeReports(reports: readonly ThreadReport[]): LoadResult {
  const sum = (pick: (report: ThreadReport) => number): number =>
    reports.reduce((total, report) => total + pick(report), 0);
  const failures = new FailureTally();
  for (const report of reports) failures.addAll(report.failures);
  const tls = new TlsTally();
  for (const report of reports) tls.addAll(report.tls);
  const shares = reports.flatMap((report) => (report.cpuShare === null ? [] : [report.cpuShare]));
  return {
    heartbeats: sumHeartbeats(reports),
    tls: tls.list(),
    opened: sum((report) => report.opened),
    failed: sum((report) => report.failed),
    held: sum((report) => report.held),
    counts: {
      windowSent: sum(({ counts }) => counts.windowSent),
      windowReceived: sum(({ counts }) => counts.windowReceived),
      windowDue: sum(({ counts }) => counts.windowDue),
      roundTripsInWindowNs: sum(({ counts }) => counts.roundTripsInWindowNs),
      repliesInWindow: sum(({ counts }) => counts.repliesInWindow),
      totalSent: sum(({ counts }) => counts.totalSent),
      totalReceived: sum(({ counts }) => counts.totalReceived),
    },
    failures: failures.list(),
    histograms: mergeHistograms(reports),
    cpuShare: shares.length === 0 ? null : Math.max(...shares),
  };
}

function sumHeartbeats(reports: readonly ThreadReport[]): HeartbeatCounts | null {
  const counts = reports.flatMap(({ heartbeats }) => (heartbeats === null ? [] : [heartbeats]));
  if (counts.length === 0) return null;
  return {
    sent: counts.reduce((sum, { sent }) => sum + sent, 0),
    answered: counts.reduce((sum, { answered }) => sum + answered, 0),
  };
}

function mergeHistograms(reports: readonly ThreadReport[]): Map<RecordedSeries, LatencyHistogram> {
  const merged = new Map<RecordedSeries, LatencyHistogram>();
  for (const series of recordedSeries) {
    for (const { histograms } of reports) {
      const encoded = histograms[series];
      if (encoded === undefined) continue;
      const whole = merged.get(series) ?? new LatencyHistogram();
      whole.add(LatencyHistogram.decode(encoded));
      merged.set(series, whole);
    }
  }
  return merged;
}
