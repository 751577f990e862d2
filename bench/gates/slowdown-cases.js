/**
 * Slowdowns of known size: the embedded relay against itself with a share of what it was just found to take burnt more.
 * What is burnt costs processor time as well, a larger share of it than of a round trip: so the gates of a round trip go
 * by its percentiles alone.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { median } from "../support/figures.js";
import { folder } from "../support/own.js";
import { runCli } from "../support/wsrally-cli.js";
import { gate } from "./gate-cli.js";

/** So light that what is burnt adds itself to a round trip, and no queue makes more of it. */
const load = { connections: 50, rate: 5000 };
const budgetS = 60;
/** A fifth of the time between two messages: beyond it messages would queue behind what is burnt. */
const mostSpinUs = (0.2 * 1e6) / load.rate;

/** As a bare p50 is read: until the reply is in the kernel. */
const onWire = {
  read: ({ latencyUs }) => latencyUs.wire.p50,
  compare: { metrics: ["p50", "p99"] },
};
/** The tail of a typical slice. */
const tail = {
  read: ({ latencyUs }) => latencyUs.wire.steadyP99,
  compare: { metrics: ["wire.steadyP99"] },
};
/** By the metrics that a gate has by itself. */
const cpu = { read: ({ proxyCost }) => proxyCost.cpuUsPerMessage, compare: {} };

export const slowdownCases = [
  slowdown("p50+10", { ...onWire, name: "relay, p50 +10 %", share: 0.1, wanted: 0.99 }),
  slowdown("p50+5", { ...onWire, name: "relay, p50 +5 %", share: 0.05, wanted: 0.95 }),
  slowdown("cpu+10", { ...cpu, name: "relay, CPU a message +10 %", share: 0.1, wanted: 0.95 }),
  slowdown("steady+10", { ...tail, name: "relay, steadyP99 +10 %", share: 0.1, wanted: 0.95 }),
  {
    ...caught("stall", "relay, one stall of 20 ms a second", 0.95),
    run: () => gateOf({ stall_ms: "20" }, {}),
  },
];

function slowdown(kind, { name, share, wanted, read, compare }) {
  return {
    ...caught(kind, name, wanted),
    async run() {
      const alone = await valueAlone(read);
      const spinUs = Number((alone * share).toPrecision(3));
      if (spinUs > mostSpinUs) {
        throw new Error(
          `the machine is too busy to size a slowdown: ${share * 100} % is ${spinUs} µs a message`,
        );
      }
      return { ...(await gateOf({ spin_us: String(spinUs) }, compare)), alone, spinUs };
    },
  };
}

/** The relay against itself with a fault set. */
function gateOf(set, compare) {
  const file = join(folder, "gate.json");
  const slower = { name: "slower", arm: "embedded", set };
  writeFileSync(file, JSON.stringify({ workload: load, arms: ["embedded", slower], compare }));
  return gate(["--scenario", file, "--budget", `${budgetS}s`]);
}

/** All but how it is run. */
function caught(kind, name, wanted) {
  return {
    kind,
    name,
    runs: 100,
    quickRuns: 2,
    target(lines) {
      const found = lines.filter(({ outcome, seconds }) => outcome === "failed" && seconds <= budgetS).length;
      return {
        words: `${wanted * 100} % fail within ${budgetS} s`,
        measured: `${found} of ${lines.length}`,
        isMet: found >= wanted * lines.length,
      };
    },
  };
}

/** The relay's own value under the same load, the median of a few trials. */
async function valueAlone(read) {
  const scenario = join(folder, "alone.json");
  writeFileSync(scenario, JSON.stringify({ workload: { ...load, blocks: 7 }, arms: ["embedded"] }));
  const {
    document: { arms },
  } = await runCli(join(folder, "alone"), ["run", scenario]);
  return median(arms[0].trials.map(read));
}
