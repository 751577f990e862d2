/**
 * Spreads one trial's load over the generator threads and merges what they report.
 */
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { monotonicClock } from "../base/clock.js";
import { createDeferred } from "../base/deferred.js";
import type { GeneratorPool } from "../load/generator-pool.js";
import { createLiveMemory, type LiveFigures, readLiveFigures } from "../load/live-figures.js";
import type {
  CloseOrder,
  DrainedMessage,
  EndOrder,
  EngineName,
  ReadyMessage,
  StartOrder,
  Target,
  ThreadReport,
  ThreadWord,
  UpkeepOrder,
  WindowMessage,
} from "../load/messages.js";
import { rowsFrom } from "../load/rows.js";
import type { LoadShape } from "../load/shape/load-shape.js";
import { shareOutUnits } from "../load/share-out.js";
import type { Talk } from "../load/talk/talk.js";
import { unaskedOrderOf } from "../load/unasked/unasked-order.js";
import type { Workload } from "../scenario/workload.js";
import { type LoadResult, mergeReports } from "./merge-reports.js";
import { mixParts } from "./mix-parts.js";
import type { Patience } from "./patience.js";
import { isStaged, threadsFor, upkeepOfThread } from "./upkeep-parts.js";
import { windowTimes } from "./window-times.js";

export interface LoadSettings {
  readonly pool: GeneratorPool;
  readonly engine: EngineName;
  readonly cpus: readonly number[] | null;
  /** Whether its threads have real-time priority while they carry the load. */
  readonly realTime?: boolean;
  readonly sources: readonly string[];
  readonly target: Target;
  readonly workload: Workload;
  /** One message of so many carries the backend's times; 0 for none. */
  readonly splitEvery: number;
  readonly talk: Talk | null;
  readonly shape: LoadShape;
  /** Has the backend send what the workload wants of it unasked, or (null) no more; left out where it wants nothing. */
  readonly push?: (order: StartOrder | null) => void;
  readonly answers: readonly string[];
  readonly seed: number;
  /** For the whole arm; null in a closed loop. */
  readonly ratePerS: number | null;
  readonly warmupNs: number;
  readonly durationNs: number;
  readonly patience: Patience;
  readonly signal: AbortSignal;
  /** Of the whole arm; left out: what is lost stays lost, unless the workload has connections come and go. */
  readonly upkeep?: UpkeepOrder;
  /** The measured time in windows of this length; what each thread tells of each. */
  readonly windows?: {
    readonly lengthNs: number;
    readonly told: (message: WindowMessage, threads: number) => void;
  };
  /** Called when all connections are open: when the load starts, on the monotonic clock; left out: at once. */
  readonly startsAt?: () => Promise<number>;
  /** Called while all connections are open and silent; sending, or closing, waits for their return. */
  readonly pauses?: {
    /** Before the first message. */
    readonly opened: () => void | Promise<void>;
    /** After the last reply; not called when the load ends early. */
    readonly drained: () => void | Promise<void>;
  };
}

/** A load on its way. */
export interface RunningLoad {
  live(): LiveFigures;
  /** Ends it before its time, as it would have ended: what is under way is waited for, and `result` resolves. */
  end(): void;
  /** Resolves when every thread has opened its connections; the window's times are then fixed. */
  readonly started: Promise<StartOrder>;
  readonly result: Promise<LoadResult>;
}

/** Between the order to start and the start, so that every thread has it in time. */
const startDelayNs = 10e6;

export function startLoad(settings: LoadSettings): RunningLoad {
  const { pool, workload } = settings;
  const unit = isStaged(workload) ? 1 : (workload.fanout?.room ?? settings.target.streams ?? 1);
  const parts = shareOutUnits(workload.connections, unit, threadsFor(workload, pool.threads));
  const early = new AbortController();
  const signal = AbortSignal.any([settings.signal, early.signal]);
  const mixes = mixParts(workload.mix, parts, settings.seed);
  let first = 0;
  const threads = parts.map((connections, index) => {
    const { target } = settings;
    const ownTarget = { ...target, rows: rowsFrom(target.rows, first, connections) };
    const part = { connections, firstConnection: first, index };
    first += connections;
    const shape = { ...settings.shape, mix: mixes[index] ?? null };
    return startThread({ ...settings, target: ownTarget, shape, signal }, part, parts.length);
  });
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
  // Threads that nobody tells to start or to close would wait for it.
  started.catch((thrown: unknown) => early.abort(thrown));
  orderToClose(settings, threads).catch((thrown: unknown) => early.abort(thrown));
  // An abort may come while whoever will wait for it is waiting for something else.
  result.catch(() => undefined);
  return {
    live: () => readLiveFigures(threads.map((thread) => thread.live)),
    end: () => {
      settings.push?.(null);
      for (const { port } of threads) port.postMessage({ end: true } satisfies EndOrder);
    },
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
  /** Stays open when the thread ends early. */
  readonly drained: Promise<DrainedMessage>;
  readonly report: Promise<ThreadReport>;
  readonly live: SharedArrayBuffer;
}

/** A thread's share of the connections. */
interface ThreadPart {
  readonly connections: number;
  readonly firstConnection: number;
  readonly index: number;
}

function startThread(settings: LoadSettings, part: ThreadPart, threads: number): Thread {
  const { connections, firstConnection, index } = part;
  const { pool, engine, cpus, target, workload, answers, seed, patience, signal } = settings;
  const { port1, port2 } = new MessageChannel();
  const live = createLiveMemory();
  const ready = createDeferred<ReadyMessage>();
  const drained = createDeferred<DrainedMessage>();
  port1.on("message", (word: ThreadWord) => {
    if ("window" in word) settings.windows?.told(word, threads);
    else if ("drained" in word) drained.resolve(word);
    else ready.resolve(word);
  });
  const report = pool.run(
    {
      engine,
      cpus,
      realTime: settings.realTime ?? false,
      target,
      connections,
      firstConnection,
      sources: settings.sources,
      rampPerS: workload.rampPerS === null ? null : workload.rampPerS / threads,
      handshakeTimeoutMs: patience.handshakeMs,
      busyPoll: workload.busyPoll,
      heartbeatS: workload.heartbeatS,
      upkeep: upkeepOfThread(settings, { index, threads }),
      message: workload.message,
      splitEvery: settings.splitEvery,
      talk: settings.talk,
      shape: settings.shape,
      unasked: unaskedOrderOf(workload, settings.push !== undefined),
      answers,
      seed: seed + index,
      port: port2,
      live,
    },
    signal,
  );
  const closePort = (): void => port1.close();
  report.then(closePort, closePort);
  return { port: port1, ready: ready.promise, drained: drained.promise, report, live };
}

/** The rate is shared by the connections that each thread has really opened. */
async function giveOrders(settings: LoadSettings, threads: readonly Thread[]): Promise<StartOrder> {
  const ready = await Promise.all(threads.map((thread) => thread.ready));
  const opened = ready.reduce((sum, message) => sum + message.opened, 0);
  await settings.pauses?.opened();
  const { barrier } = settings.pool;
  await barrier?.settle();
  const startNs = (await settings.startsAt?.()) ?? monotonicClock.now() + (barrier?.delayNs ?? startDelayNs);
  const times = windowTimes(startNs, settings);
  const { arrivals, fanout: casts } = settings.workload;
  const waitsToClose = settings.pauses !== undefined;
  const drainNs = settings.patience.drainMs * 1e6;
  const windowNs = settings.windows === undefined ? {} : { windowNs: settings.windows.lengthNs };
  const order = { ...times, drainNs, arrivals, ...windowNs };
  const whole = { ...order, ratePerS: settings.ratePerS, phase: 0 };
  settings.push?.(whole);
  threads.forEach((thread, index) => {
    const share = opened === 0 ? 1 / threads.length : (ready[index]?.opened ?? 0) / opened;
    const ratePerS = settings.ratePerS === null ? null : settings.ratePerS * share;
    thread.port.postMessage({
      ...order,
      ratePerS,
      ...(casts === null ? {} : { castsPerS: casts.ratePerS * share }),
      phase: index / threads.length,
      waitsToClose,
    } satisfies StartOrder);
  });
  return whole;
}

async function orderToClose({ pauses }: LoadSettings, threads: readonly Thread[]): Promise<void> {
  if (pauses === undefined) return;
  await Promise.all(threads.map((thread) => thread.drained));
  await pauses.drained();
  for (const { port } of threads) port.postMessage({ close: true } satisfies CloseOrder);
}
