/** Real runs through the built program: equal arms, and arms with a slowdown of known size. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { median } from "../support/figures.js";
import { folder } from "../support/own.js";
import { runCli } from "../support/wsrally-cli.js";
import { mostByChance, outcomeOf } from "./tally.js";

/** What a run may take beyond its time, to end its last trial and write its report. */
const endingS = 3;

/** On two processors a higher rate keeps the one of generator and backend too busy to measure nginx. */
const nginxLoad = { connections: 200, rate: 5500, duration: 0.95, warmup: 0.25 };
const relayLoad = { connections: 50, rate: 2000, duration: 0.5, warmup: 0.25 };

/** What `npm start` runs once the build is there, by its own clock. */
const startedWithinS = 75;

export const realCases = [
  {
    kind: "start",
    name: "npm start, build excluded",
    runs: 10,
    quickRuns: 1,
    async run() {
      const startedMs = performance.now();
      const line = lineOf(await wsrallyRun(["demo"]));
      return { ...line, seconds: (performance.now() - startedMs) / 1000 };
    },
    target(lines) {
      const good = lines.filter(
        ({ outcome, seconds }) => outcome === "equivalent" && seconds <= startedWithinS,
      );
      return {
        words: `equivalent within ${startedWithinS} s in 9 of 10`,
        measured: `${good.length} of ${lines.length}`,
        isMet: good.length >= 0.9 * lines.length,
      };
    },
  },
  {
    kind: "aa",
    name: "nginx, proxy_buffering on and off",
    runs: 40,
    quickRuns: 3,
    run: () =>
      compare({
        workload: { ...nginxLoad, maxSeconds: 32 },
        arms: [nginx("on", { proxy_buffering: "on" }), nginx("off", { proxy_buffering: "off" })],
      }),
    target(lines) {
      const alarms = lines.filter(({ outcome }) => outcome === "worse" || outcome === "better").length;
      return {
        words: "no worse, no better",
        measured: `${alarms} (by chance up to ${mostByChance(lines.length, 0.02)})`,
        isMet: alarms === 0,
      };
    },
  },
  {
    kind: "p50",
    name: "relay, p50 +10 %",
    runs: 20,
    quickRuns: 3,
    run: () => injected({ metric: "p50", read: ({ latencyUs }) => latencyUs.wire.p50, withinS: 60 }),
    target: foundWithin(60),
  },
  {
    kind: "cpu",
    name: "relay, CPU a message +10 %",
    runs: 20,
    quickRuns: 3,
    run: () =>
      injected({
        metric: "cpuUsPerMessage",
        read: ({ proxyCost }) => proxyCost.cpuUsPerMessage,
        withinS: 90,
      }),
    target: foundWithin(90),
  },
  {
    kind: "stall",
    name: "relay, one stall of 20 ms a second",
    runs: 20,
    quickRuns: 3,
    run: () =>
      compare({
        workload: { ...relayLoad, rate: 5500, duration: 1, maxSeconds: 120 - endingS },
        arms: ["embedded", { name: "stalling", arm: "embedded", set: { stall_ms: "20" } }],
      }),
    target: foundWithin(120),
  },
  {
    kind: "buffer",
    name: "nginx, proxy_buffer_size 16k -> 1k, 16,000 bytes",
    runs: 10,
    quickRuns: 2,
    run: () =>
      compare({
        workload: {
          connections: 100,
          rate: 600,
          payload: 16_000,
          duration: 0.5,
          warmup: 0.25,
          maxSeconds: 60 - endingS,
        },
        arms: [nginx("16k", { proxy_buffer_size: "16k" }), nginx("1k", { proxy_buffer_size: "1k" })],
        compare: { metrics: ["p50", "cpuUsPerMessage"] },
      }),
    target: foundWithin(60),
  },
];

function nginx(name, set) {
  return { name, arm: "nginx", set };
}

function foundWithin(seconds) {
  return (lines) => {
    const found = lines.filter((line) => line.outcome === "worse" && line.seconds <= seconds).length;
    return {
      words: `worse within ${seconds} s`,
      measured: `${found} of ${lines.length}`,
      isMet: found >= 0.9 * lines.length,
    };
  };
}

/**
 * An embedded relay against itself with a tenth of what it was just found to take burnt more. The clock of the verdict
 * starts after that.
 */
async function injected({ metric, read, withinS }) {
  const alone = await wsrally({ workload: { ...relayLoad, blocks: 5 }, arms: ["embedded"] });
  const value = median(alone.arms[0].trials.map(read));
  const spinUs = Number((value / 10).toPrecision(3));
  const line = await compare({
    workload: { ...relayLoad, maxSeconds: withinS - endingS },
    arms: ["embedded", { name: "slower", arm: "embedded", set: { spin_us: String(spinUs) } }],
    compare: { metrics: [metric] },
  });
  return { ...line, alone: value, spinUs };
}

async function compare(scenario) {
  return lineOf(await wsrally(scenario));
}

function lineOf(document) {
  const { comparisons, startedAt, finishedAt, seed, warnings } = document;
  return {
    outcome: outcomeOf(comparisons.map(({ verdict }) => verdict)),
    seconds: (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000,
    startedAt,
    seed,
    comparisons: comparisons.map(({ metric, blocks, ratio, ciLow, ciHigh, verdict, reasons }) => ({
      metric,
      blocks,
      ratio,
      ciLow,
      ciHigh,
      verdict,
      reasons,
    })),
    warnings: warnings.map(({ code }) => code),
  };
}

/** @returns the run document */
async function wsrally(scenario) {
  const file = join(folder, "case.json");
  writeFileSync(file, JSON.stringify(scenario));
  return await wsrallyRun(["run", file]);
}

/** @returns the run document */
async function wsrallyRun(args) {
  const out = join(folder, "results");
  try {
    return (await runCli(out, args, { codes: [0] })).document;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
