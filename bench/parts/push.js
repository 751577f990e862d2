/**
 * How true the latency of pushes is: the backend sends by its schedule through a delay line, and without it; the difference
 * is to be the delay. 1,000 pushes a second over 100 connections, timed by the thread path that a trial takes.
 */
import { MessageChannel } from "node:worker_threads";
import { startBackendProcess } from "../../build/backend/backend-process.js";
import { noFaults } from "../../build/backend/fault-plan.js";
import { monotonicClock } from "../../build/base/clock.js";
import { LatencyHistogram } from "../../build/base/latency-histogram.js";
import { createLiveMemory } from "../../build/load/live-figures.js";
import { plainShape } from "../../build/load/shape/load-shape.js";
import { runJob } from "../../build/load/worker.js";
import { pinProcess } from "../../build/trial/placement.js";
import { windowTimes } from "../../build/trial/window-times.js";
import { backendCpu, generatorCpu } from "../support/cpus.js";
import { median } from "../support/figures.js";
import { guard } from "../support/own.js";
import { rounds } from "../support/rounds.js";

const delayNs = 2e6;
const limitUs = 20;
const asked = { ratePerS: 1000, bytes: 200, arrivals: "uniform", phase: 0, seed: 1 };
const connections = 100;

/** The difference between the two, round by round, less the delay. */
export async function push({ quick, progress }) {
  const errorsUs = [];
  for (const round of rounds(quick ? 1 : 5, 10)) {
    progress(`push, round ${round + 1}`);
    const plainNs = await pushedP50(null, quick);
    const delayedNs = await pushedP50({ kind: "fixed", ns: delayNs }, quick);
    errorsUs.push((delayedNs - plainNs - delayNs) / 1e3);
  }
  const errorUs = median(errorsUs);
  return [
    {
      target: `push p50 within ${limitUs} µs of a known delay line`,
      measured: `${errorUs.toFixed(1)} µs`,
      isMet: Math.abs(errorUs) <= limitUs,
    },
  ];
}

async function pushedP50(delay, quick) {
  const options = { host: "127.0.0.1", port: 0, path: null, once: false, deflate: false, stamps: true };
  const backend = await startBackendProcess(guard, { ...options, faults: { ...noFaults, delay } });
  for (const pid of backend.pids) pinProcess(pid, [backendCpu]);
  try {
    const report = await run(backend, quick ? 1e9 : 3e9);
    return LatencyHistogram.decode(report.histograms.push).quantile(0.5);
  } finally {
    await backend.stop();
  }
}

function run(backend, durationNs) {
  const { port1, port2 } = new MessageChannel();
  port1.once("message", () => {
    const times = windowTimes(monotonicClock.now() + 20e6, { warmupNs: 5e8, durationNs });
    void backend.push({ ...times, ...asked, untilNs: times.sendUntilNs });
    port1.postMessage({ ...times, drainNs: 1e9, ratePerS: 10, arrivals: "uniform", phase: 0 });
  });
  const host = `127.0.0.1:${backend.port}`;
  const target = {
    ...{ tls: false, address: "127.0.0.1", ports: [backend.port], path: "/sock", hostHeader: host },
    ...{ origin: `http://${host}`, fields: [], subprotocols: [], rows: [], hidden: [], caPem: null },
    ...{ insecure: false, resume: false, deflate: false, streams: null },
  };
  return runJob({
    ...{ engine: "epoll", target, cpus: [generatorCpu], connections, sources: [], rampPerS: null },
    ...{ handshakeTimeoutMs: 20_000, busyPoll: false, heartbeatS: null, upkeep: null, splitEvery: 0 },
    ...{ message: { kind: "ping" }, shape: plainShape, talk: null, firstConnection: 0, answers: ["pong"] },
    unasked: { push: { bytes: asked.bytes }, fanout: null },
    ...{ seed: 1, port: port2, live: createLiveMemory() },
  });
}
