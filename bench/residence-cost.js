/**
 * What watching packets (`--residence`) costs the proxy that is watched, and everything beside it, as root:
 * `npm run build && node bench/residence-cost.js [RATE] [PAYLOAD] [BLOCKS]`. One arm, watched and not, in turns: the proxy's
 * processor time a message, the wire and the watching process's own processor time; medians, and the median of the ratios
 * within a block.
 */

import { parseArm } from "../build/scenario/arm.js";
import { resolveScenario } from "../build/scenario/resolve-scenario.js";
import { runSeries } from "../build/trial/run-series.js";
import { median, percent, whole } from "./support/figures.js";
import { printTable } from "./support/table.js";

const [rate = 2000, payload = 125, blocks = 12] = process.argv.slice(2).map(Number);
const scenario = resolveScenario(
  { arms: [parseArm("off=nginx"), parseArm("on=nginx")] },
  { name: "residence-cost", overrides: { connections: 100, rate, payload, blocks, duration: 1 } },
);
const arms = scenario.arms.map((arm) => ({
  ...arm,
  workload: { ...arm.workload, residence: arm.name === "on" },
}));

const records = [];
await runSeries({
  scenario: { ...scenario, arms },
  seed: 1,
  threads: 1,
  observer: {
    progress: () => undefined,
    sentAside: () => undefined,
    planned: async () => undefined,
    measured: async (record) => void records.push(record),
    isEnough: () => false,
  },
  signal: new AbortController().signal,
});

const of = (name) => records.filter(({ arm }) => arm === name).sort((a, b) => a.block - b.block);
const row = (title, read) => {
  const [off, on] = [of("off").map(read), of("on").map(read)];
  const ratios = on.map((value, at) => value / off[at]);
  const shown = [Math.min(...ratios), median(ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(3));
  return [title, median(off).toFixed(1), median(on).toFixed(1), ...shown];
};
const watched = of("on").map(({ residence }) => residence);
const sum = (values) => values.reduce((total, value) => total + value, 0);
const shares = watched.map(({ busyShare }) => busyShare);
const dropped = sum(watched.map((one) => one.dropped));
const packets = sum(watched.map((one) => one.packets));
const without = watched.filter(({ problem }) => problem !== null).length;
printTable({
  title: `nginx, 100 connections, ${whole(rate)} messages/s of ${whole(payload)} bytes, ${blocks} blocks`,
  columns: ["µs", "not watched", "watched", "least ratio", "median", "greatest"],
  rows: [
    row("CPU of the proxy, a message", ({ proxyCost }) => proxyCost.cpuUsPerMessage),
    row("wire, p50", ({ histograms }) => histograms.get("wire").quantile(0.5) / 1e3),
    row("round trip, p50", ({ histograms }) => histograms.get("roundTrip").quantile(0.5) / 1e3),
  ],
  notes: [
    `Watching took ${percent(median(shares))} of a processor; ${whole(dropped)} of ${whole(packets + dropped)} packets were dropped, and ${without} of ${watched.length} trials have no figure.`,
  ],
});
