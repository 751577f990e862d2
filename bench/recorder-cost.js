/**
 * What a message costs in the recorder (noted as sent, matched, counted and recorded), in processor time of this thread:
 * `npm run build && node bench/recorder-cost.js`. A window in slices of 100 ms beside one that is left whole; the variants
 * take turns, and the lowest round of each is shown, for whatever else runs only adds to it.
 */
import { createLiveMemory, LiveWriter } from "../build/load/live-figures.js";
import { Recorder } from "../build/load/recorder.js";
import { plainShape } from "../build/load/shape/load-shape.js";

const rounds = 40;
const messages = 200_000;
const connections = 1000;
const windowNs = 1e9;

const reply = Buffer.from("pong");
const source = { check: () => -1, stamps: null };
const latencies = Float64Array.from({ length: messages }, (_, index) => 1e5 + ((index * 7919) % 2e5));

/** Nanoseconds a message. */
function round(windows) {
  const recorder = new Recorder(connections, source, new LiveWriter(createLiveMemory()));
  const times = { measureNs: 0, endNs: windowNs, sendUntilNs: windowNs, drainNs: windowNs };
  recorder.begin({ ...times, ratePerS: messages, arrivals: "poisson", windowNs: windows }, plainShape);
  const before = process.cpuUsage();
  for (let index = 0; index < messages; index++) {
    const dueNs = (index * windowNs) / messages;
    const connection = index % connections;
    const stampNs = dueNs + latencies[index];
    recorder.sent(connection, dueNs, dueNs + 2000, 4);
    recorder.replied(connection, reply, 0, reply.length, false, stampNs + 20_000, stampNs);
  }
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / messages;
}

const variants = { "in slices": undefined, whole: windowNs };
const lowest = Object.fromEntries(Object.keys(variants).map((name) => [name, Number.POSITIVE_INFINITY]));
for (let index = 0; index < rounds; index++) {
  for (const [name, windows] of Object.entries(variants)) {
    lowest[name] = Math.min(lowest[name], round(windows));
  }
}
for (const [name, spentNs] of Object.entries(lowest)) {
  process.stdout.write(`${name.padEnd(12)}${spentNs.toFixed(1).padStart(8)} ns a message\n`);
}
