/**
 * What a round trip of a closed loop costs a generator thread, in its processor time: `ping`, an echo of 200 bytes, a template
 * of 200 bytes with an id, and messages of many sizes, in turns, each in a process of its own against one backend:
 * `npm run build && node bench/closed-loop-cost.js [BUILD…]`. Another build, such as `../before/build` of an earlier commit,
 * takes turns with this one. The lowest round of each is shown, for whatever else runs only adds to it.
 */
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { MessageChannel } from "node:worker_threads";

const rounds = 8;
const seconds = 0.7;
const warmupS = 0.3;
const connections = 200;
const bytes = 200;

const id = { field: "id" };
const template = ['{"id":"', id, '","text":"', "x".repeat(bytes - 18 - 18), '"}'];
const talk = {
  first: [],
  message: template,
  binary: false,
  reply: { match: "same" },
  ignore: [],
  answer: [],
};
const sizes = { up: { kind: "range", least: bytes, most: bytes }, down: null };
const ping = { message: { kind: "ping" } };
const variants = {
  ping,
  "echo of 200 bytes": { message: { kind: "payload", bytes, binary: false } },
  "template of 200 bytes": { ...ping, talk: { ...talk, keepAlive: null, captures: 0 } },
  "sizes of 200 bytes": { message: { kind: "sized", binary: false }, sizes },
};

/** In a process of its own. @returns nanoseconds of processor time a round trip */
async function measure(build, port, { sizes: sized = null, ...job }) {
  const of = (file) => import(pathToFileURL(join(build, file)).href);
  const { runThread } = await of("load/run-thread.js").catch(() => of("load/thread-run.js"));
  const { createEpollEngine } = await of("load/epoll-engine.js");
  const { createLiveMemory } = await of("load/live-figures.js");
  const { monotonicClock } = await of("base/clock.js");
  const plain = await of("load/shape/load-shape.js").catch(() => ({ plainShape: {} }));
  const { port1, port2 } = new MessageChannel();
  port1.on("message", () => {
    const startNs = monotonicClock.now() + 5e6;
    const measureNs = startNs + warmupS * 1e9;
    const endNs = measureNs + seconds * 1e9;
    const readingsNs = { first: measureNs, last: endNs };
    const times = { startNs, measureNs, endNs, readingsNs, sendUntilNs: endNs, drainNs: 1e9 };
    port1.postMessage({ ...times, ratePerS: null, arrivals: "uniform", phase: 0 });
  });
  const address = { tls: false, address: "127.0.0.1", ports: [port], path: "/", hostHeader: "bench" };
  const handshake = {
    origin: "http://bench",
    fields: [],
    subprotocols: [],
    rows: [],
    hidden: [],
    streams: null,
  };
  const tls = { caPem: null, insecure: false, resume: false, deflate: false };
  const quiet = {
    sources: [],
    rampPerS: null,
    busyPoll: false,
    heartbeatS: null,
    upkeep: null,
    unasked: null,
  };
  const report = await runThread(
    {
      ...quiet,
      engine: "epoll",
      cpus: null,
      target: { ...address, ...handshake, ...tls },
      connections,
      firstConnection: 0,
      handshakeTimeoutMs: 5000,
      talk: null,
      shape: { ...plain.plainShape, sizes: sized },
      splitEvery: 0,
      answers: ["pong"],
      seed: 1,
      port: port2,
      live: createLiveMemory(),
      ...job,
    },
    createEpollEngine,
  );
  port1.close();
  if (report.failures.length > 0) throw new Error(JSON.stringify(report.failures[0]));
  return (report.cpuShare * seconds * 1e9) / report.counts.windowReceived;
}

async function compare(builds) {
  const own = builds[0];
  const { startBackendProcess } = await import(pathToFileURL(join(own, "backend/backend-process.js")).href);
  const { createProcessGuard } = await import(pathToFileURL(join(own, "base/owned-process.js")).href);
  const guard = createProcessGuard(join(tmpdir(), "wsrally-no-such-folder"));
  const backend = await startBackendProcess(guard, {
    host: "127.0.0.1",
    port: 0,
    path: null,
    once: false,
    deflate: false,
  });
  const rows = Object.keys(variants).flatMap((name) => builds.map((build) => ({ name, build })));
  const lowest = rows.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++) {
    for (const [at, { name, build }] of rows.entries()) {
      if (name.startsWith("sizes") && build !== own) continue;
      const words = [fileURLToPath(import.meta.url), "--one", build, String(backend.port), name];
      const spentNs = Number(execFileSync(process.execPath, words, { encoding: "utf8" }));
      lowest[at] = Math.min(lowest[at], spentNs);
    }
  }
  await backend.stop();
  guard.release();
  for (const [at, { name, build }] of rows.entries()) {
    const which = builds.length === 1 ? "" : build === own ? "this" : "other";
    if (Number.isFinite(lowest[at]))
      process.stdout.write(
        `${name.padEnd(24)}${which.padEnd(8)}${lowest[at].toFixed(0).padStart(6)} ns a round trip\n`,
      );
  }
}

const [first, ...rest] = process.argv.slice(2);
if (first === "--one") {
  const [build, port, name] = rest;
  process.stdout.write(`${await measure(build, Number(port), variants[name])}`);
} else {
  const others = first === undefined ? [] : [first, ...rest];
  const own = fileURLToPath(new URL("../build", import.meta.url));
  await compare([own, ...others.map((build) => resolve(build))]);
}
