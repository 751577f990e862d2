/**
 * One generator process: a job of the real thread path (`runJob` of dist/load/worker.js: connections, matching and
 * recording), run in this process's only thread, with the process's own figures around it.
 *
 * `node bench/support/generator.js JOB` where JOB is JSON, all but port, connections and engine optional; prints one
 * line of JSON. It runs alone as well, say under `node --cpu-prof` against a running server.
 */
import assert from "node:assert/strict";
import { readFileSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { MessageChannel } from "node:worker_threads";
import { monotonicClock } from "../../build/base/clock.js";
import { LatencyHistogram } from "../../build/base/latency-histogram.js";
import { createLiveMemory, readLiveFigures } from "../../build/load/live-figures.js";
import { plainShape } from "../../build/load/shape/load-shape.js";
import { runJob } from "../../build/load/worker.js";
import { windowTimes } from "../../build/trial/window-times.js";

/**
 * The window begins and ends when the process has used so much processor time, so that a machine shared with others
 * gives it longer and not less. It can only end when Node's timers have a turn, under load every 200 ms, with ws once
 * every connection has been served; the load goes on for as long as that may take.
 */
const patienceMs = (cpuMs) => 3000 + 20 * cpuMs;
const lookEveryMs = 20;

const {
  engine,
  port,
  address = "127.0.0.1",
  connections,
  caPem = null,
  resume = false,
  /** WebSockets a connection over HTTP/2; null for HTTP/1.1. */
  streams = null,
  ratePerS = null,
  warmupMs = 1000,
  windowMs = 1000,
  /**
   * When it ends: "open" once the connections are, before any message; "window" once that is measured, in processor
   * time; "report" with the trial, warm-up and window by the clock, which gives latencies.
   */
  until = "window",
  /** A process whose processor time over the window is told as well. */
  proxyPid = null,
} = JSON.parse(process.argv[2]);

const live = createLiveMemory();

/** Nanoseconds on a processor, and ready to run while the processor was another's (proc_pid_schedstat). */
function schedule(path) {
  const [ranNs, waitedNs] = readFileSync(path, "latin1").split(" ").map(Number);
  return { ranNs, waitedNs };
}

function usage() {
  const { user, system } = process.cpuUsage();
  return {
    atNs: monotonicClock.now(),
    user,
    system,
    waitedNs: schedule("/proc/thread-self/schedstat").waitedNs,
    proxy: proxyPid === null ? null : schedule(`/proc/${proxyPid}/schedstat`),
    received: readLiveFigures([live]).received,
  };
}

function difference(before, after) {
  const windowNs = after.atNs - before.atNs;
  return {
    windowS: windowNs / 1e9,
    roundTrips: after.received - before.received,
    userUs: after.user - before.user,
    systemUs: after.system - before.system,
    waitedShare: (after.waitedNs - before.waitedNs) / windowNs,
    proxyShare: proxyPid === null ? null : (after.proxy.ranNs - before.proxy.ranNs) / windowNs,
    proxyWaitedShare: proxyPid === null ? null : (after.proxy.waitedNs - before.proxy.waitedNs) / windowNs,
  };
}

/** Of this process alone: its anonymous memory, which is what it would give back if it ended. */
function anonymousBytes() {
  const rollup = readFileSync("/proc/self/smaps_rollup", "latin1");
  return Number(/^Anonymous:\s+(\d+)/m.exec(rollup)[1]) * 1024;
}

function percentiles(histograms) {
  return Object.fromEntries(
    Object.entries(histograms).map(([series, encoded]) => {
      const histogram = LatencyHistogram.decode(encoded);
      return [
        series,
        { count: histogram.count, p50: histogram.quantile(0.5), p99: histogram.quantile(0.99) },
      ];
    }),
  );
}

function startOrder() {
  const durationMs = until === "window" ? patienceMs(warmupMs + windowMs) : windowMs;
  return {
    ...windowTimes(monotonicClock.now() + 5e6, { warmupNs: warmupMs * 1e6, durationNs: durationMs * 1e6 }),
    drainNs: 1e9,
    ratePerS,
    arrivals: "uniform",
    phase: 0,
  };
}

/** How the opening went. */
let opening = {};
const { port1, port2 } = new MessageChannel();
const started = usage();

port1.once("message", ({ opened }) => {
  const { windowS, userUs, systemUs } = difference(started, usage());
  opening = { opened, openingS: windowS, openingCpuUs: userUs + systemUs };
  if (until === "open") {
    globalThis.gc?.();
    end({ anonymousBytes: anonymousBytes() });
  }
  const order = startOrder();
  port1.postMessage(order);
  if (until === "window") measureWindow(order);
});

const host = `${caPem === null ? address : "localhost"}:${port}`;
const report = await runJob({
  engine,
  target: {
    tls: caPem !== null,
    address,
    ports: [port],
    path: "/sock",
    hostHeader: host,
    origin: `http${caPem === null ? "" : "s"}://${host}`,
    fields: [],
    subprotocols: [],
    rows: [],
    hidden: [],
    caPem,
    insecure: false,
    resume,
    deflate: false,
    streams,
  },
  cpus: null,
  connections,
  sources: [],
  rampPerS: null,
  handshakeTimeoutMs: 20_000,
  busyPoll: false,
  heartbeatS: null,
  upkeep: null,
  message: { kind: "ping" },
  shape: plainShape,
  splitEvery: 0,
  talk: null,
  unasked: null,
  firstConnection: 0,
  answers: ["pong"],
  seed: 1,
  port: port2,
  live,
});
const { failures, held, histograms } = report;
end({ held, failures, latencyNs: percentiles(histograms) });

async function measureWindow({ startNs, endNs }) {
  await sleep((startNs - monotonicClock.now()) / 1e6);
  const before = await usageAfter(usage(), warmupMs);
  const after = await usageAfter(before, windowMs);
  assert(after.atNs < endNs, "the load ended before the window did");
  end({ ...difference(before, after), rssBytes: process.memoryUsage.rss() });
}

async function usageAfter(before, cpuMs) {
  for (;;) {
    await sleep(lookEveryMs);
    const now = usage();
    if (now.user + now.system - before.user - before.system >= cpuMs * 1000) return now;
  }
}

function end(figures) {
  writeSync(1, `${JSON.stringify({ ...opening, ...figures })}\n`);
  process.exit();
}
