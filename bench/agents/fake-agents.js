/**
 * Agents that do nothing but what a controller hears of: many in one process, each with a connection and a clock of its own.
 * Started by bench/agents.js, with what it is to do as JSON in its environment.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicClock } from "../../build/base/clock.js";
import { LatencyHistogram } from "../../build/base/latency-histogram.js";
import { createPrng, nextBelow } from "../../build/base/prng.js";
import { toolVersion } from "../../build/base/tool-version.js";
import { connectNats } from "../../build/cluster/connect-nats.js";
import { readCredentials } from "../../build/cluster/credentials.js";
import { pack, unpack } from "../../build/cluster/packing.js";
import { rollCall, subjectFrom, subjectTo } from "../../build/cluster/subjects.js";
import { createLiveMemory, LiveWriter } from "../../build/load/live-figures.js";
import { recordedSeries } from "../../build/load/messages.js";

const { url, folder, names, connections, samples, slices } = JSON.parse(process.env.FAKE_AGENTS ?? "{}");

/** One for all: what is told costs the controller the same. */
const histogram = encodedHistogram();
/** Of a slice of a series: 300 buckets, with counts that deflate makes as little of as of real ones. */
const prng = createPrng(1);
const pairsOfSlice = Array.from({ length: slices * 3 }, () =>
  Uint32Array.from({ length: 600 }, (_, index) => (index % 2 === 0 ? 4000 + index : nextBelow(prng, 60))),
);
const live = liveFigures();
const partBytes = 512 * 1024;

// One after the other: a server gives each two seconds for TLS, which all of them at once would take from one another.
for (const [index, name] of names.entries()) await serve(name, index);
process.send?.("ready");

async function serve(name, index) {
  const credentials = readCredentials(`${folder}/${name}.creds`);
  const connection = await connectNats({ url, credentials, name, comesBack: false });
  // Clocks that differ by up to hours.
  const offsetNs = index * 77_777_123_456;
  const now = () => monotonicClock.now() + offsetNs;
  const parts = { count: 0 };
  /** As `PartWriter` writes, of what is packed already. */
  const publish = (body) => {
    for (let from = 0; from < body.length; from += partBytes) {
      const head = Buffer.alloc(5);
      head.writeUInt32BE(parts.count++);
      head[4] = from + partBytes >= body.length ? 1 : 0;
      connection.publish(subjectFrom(name), Buffer.concat([head, body.subarray(from, from + partBytes)]));
    }
  };
  const facts = {
    name,
    role: "load",
    host: name,
    address: "127.0.0.1",
    threads: 1,
    limits: { maxOpenFiles: null, ephemeralPorts: null, listenBacklog: null, availableBytes: null },
    isPrivate: true,
  };
  const jobs = new Map();
  const say = (job, reply) => publish(pack({ job, reply }));
  const answer = ({ kind, job, order }) => {
    switch (kind) {
      case "hire":
        return { kind: "facts", facts: { ...facts, version: toolVersion } };
      case "clock":
        return { kind: "clock", atNs: now() };
      case "beat":
        return { kind: "beating", parts: parts.count };
      case "job":
        jobs.set(
          job,
          setInterval(() => publish(live), 200),
        );
        say(job, { kind: "word", word: { opened: connections } });
        return { kind: "done" };
      case "order":
        if ("startNs" in order) void load(job, order);
        return { kind: "done" };
      default:
        return { kind: "done" };
    }
  };
  const load = async (job, order) => {
    await sleep(Math.max(0, (order.startNs - now()) / 1e6));
    const startedNs = now();
    await sleep(Math.max(0, (order.endNs - now()) / 1e6));
    clearInterval(jobs.get(job));
    // All in one process: each has a moment to itself, or their beats would be late.
    await sleep(index * 60);
    say(job, { kind: "report", report: reportOf(startedNs) });
  };
  connection.subscribe(subjectTo(name), {
    callback: (_error, message) => message.respond(pack(answer(unpack(message.data)))),
  });
  connection.subscribe(rollCall, {
    callback: (_error, message) => message.respond(pack(answer({ kind: "hire" }))),
  });
  await connection.flush();
}

function reportOf(startedNs) {
  const counts = { windowSent: samples, windowReceived: samples, windowDue: samples, totalSent: samples };
  return {
    ...{
      heartbeats: null,
      talk: null,
      unasked: null,
      tcpOpened: null,
      tls: [],
      upkeep: null,
      notes: [],
      failures: [],
      cpuShare: 0.5,
    },
    ...{ opened: connections, failed: 0, held: connections, startedNs },
    counts: {
      ...counts,
      totalReceived: samples,
      repliesInWindow: samples,
      roundTripsInWindowNs: samples * 1e5,
    },
    histograms: Object.fromEntries(recordedSeries.map((series) => [series, histogram])),
    slices: {
      lengthNs: 1e8,
      slices: Array.from({ length: slices }, (_, slice) => ({
        pairs: {
          roundTrip: pairsOfSlice[slice * 3],
          response: pairsOfSlice[slice * 3 + 1],
          wire: pairsOfSlice[slice * 3 + 2],
        },
        generatorGapNs: 1000,
        backendGapNs: null,
      })),
    },
  };
}

/** Of latencies as a proxy has them: most near 100 µs, with a tail. */
function encodedHistogram() {
  const recorded = new LatencyHistogram();
  for (let index = 0; index < samples; index++) {
    const share = (index + 0.5) / samples;
    recorded.record(Math.round(60_000 + 40_000 * -Math.log(1 - share)));
  }
  return recorded.encode();
}

function liveFigures() {
  const memory = createLiveMemory();
  const writer = new LiveWriter(memory);
  for (let index = 0; index < 1000; index++) writer.addLatency(60_000 + index * 100);
  // Every fake has one job, its first.
  return pack({ job: 0, reply: { kind: "live", figures: new Float64Array(memory).slice() } });
}
