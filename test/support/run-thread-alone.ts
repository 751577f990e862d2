/**
 * One generator thread's part of a trial, run here instead of in a thread, against a port of this machine.
 */
import { MessageChannel } from "node:worker_threads";
import { monotonicClock } from "#wsrally/base/clock.js";
import { createEpollEngine } from "#wsrally/load/epoll-engine.js";
import { createHttp2Engine } from "#wsrally/load/http2-engine.js";
import { createLiveMemory } from "#wsrally/load/live-figures.js";
import type {
  EndOrder,
  StartOrder,
  Target,
  ThreadJob,
  ThreadReport,
  ThreadWord,
  WindowMessage,
} from "#wsrally/load/messages.js";
import { runThread } from "#wsrally/load/run-thread.js";
import { plainShape } from "#wsrally/load/shape/load-shape.js";
import { createUringEngine } from "#wsrally/load/uring-engine.js";
import { createWsEngine } from "#wsrally/load/ws-engine.js";

export const createEngines = { ws: createWsEngine, epoll: createEpollEngine, io_uring: createUringEngine };

export function targetAt(port: number, changes: Partial<Target> = {}): Target {
  return {
    tls: false,
    address: "127.0.0.1",
    ports: [port],
    path: "/sock",
    hostHeader: `127.0.0.1:${port}`,
    origin: `http://127.0.0.1:${port}`,
    fields: [],
    subprotocols: [],
    rows: [],
    hidden: [],
    caPem: null,
    insecure: false,
    resume: false,
    deflate: false,
    streams: null,
    ...changes,
  };
}

export interface AloneOptions {
  readonly job?: Partial<ThreadJob>;
  readonly warmupMs?: number;
  readonly durationMs?: number;
  readonly drainMs?: number;
  readonly ratePerS?: number | null;
  readonly castsPerS?: number;
  readonly arrivals?: StartOrder["arrivals"];
  readonly windowMs?: number;
  /** Hears of the order before the thread does. */
  readonly onOrder?: (order: StartOrder) => void;
  /** Hears of every window. */
  readonly onWindow?: (window: WindowMessage) => void;
  /** Asked of every window: whether the thread is to end then, before its time. */
  readonly endsAfter?: (window: WindowMessage) => boolean;
}

export async function runThreadAlone(target: Target, options: AloneOptions = {}): Promise<ThreadReport> {
  const { port1, port2 } = new MessageChannel();
  const { warmupMs = 0, durationMs = 200, drainMs = 1000, ratePerS = null } = options;
  port1.on("message", (word: ThreadWord) => {
    if ("window" in word) {
      options.onWindow?.(word);
      if (options.endsAfter?.(word)) port1.postMessage({ end: true } satisfies EndOrder);
      return;
    }
    const startNs = monotonicClock.now() + 5e6;
    const measureNs = startNs + warmupMs * 1e6;
    const endNs = measureNs + durationMs * 1e6;
    const order: StartOrder = {
      startNs,
      measureNs,
      endNs,
      readingsNs: { first: measureNs, last: endNs },
      sendUntilNs: endNs,
      drainNs: drainMs * 1e6,
      ratePerS,
      ...(options.castsPerS === undefined ? {} : { castsPerS: options.castsPerS }),
      arrivals: options.arrivals ?? "uniform",
      phase: 0,
      ...(options.windowMs === undefined ? {} : { windowNs: options.windowMs * 1e6 }),
    };
    options.onOrder?.(order);
    port1.postMessage(order);
  });
  try {
    return await runThread(
      {
        engine: "ws",
        cpus: null,
        target,
        connections: 3,
        firstConnection: 0,
        talk: null,
        unasked: null,
        sources: [],
        rampPerS: null,
        handshakeTimeoutMs: 5000,
        busyPoll: false,
        heartbeatS: null,
        upkeep: null,
        message: { kind: "ping" },
        shape: plainShape,
        splitEvery: 0,
        answers: ["pong"],
        seed: 1,
        port: port2,
        live: createLiveMemory(),
        ...options.job,
      },
      (settings) =>
        target.streams === null
          ? createEngines[options.job?.engine ?? "ws"](settings)
          : createHttp2Engine(settings, target.streams),
    );
  } finally {
    port1.close();
  }
}
