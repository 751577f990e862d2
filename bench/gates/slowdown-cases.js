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
/** The tail of a typical slice. What is burnt adds more to it than itself, for messages of the tail wait for others. */
const tail = {
  read: ({ latencyUs }) => latencyUs.wire.steadyP99,
  compare: { metrics: ["wire.steadyP99"] },
  grows: true,
};
/** By the metrics that a gate has by itself. */
const cpu = { read: ({ proxyCost }) => proxyCost.cpuUsPerMessage, compare: {} };

export const slowdownCases = [
  slowdown("p50+10", { ...onWire, name: "relay, p50 +10 %", share: 0.1, wanted: 0.99 }),
  slowdown("p50+5", { ...onWire, name: "relay, p50 +5 %", share: 0.05, wanted: 0.95 }),
  slowdown("cpu+10", { ...cpu, name: "relay, CPU a message +10 %", share: 0.1, wanted: 0.95 }),
  slowdown("steady+10", { ...tail, name: "relay, steadyP99 +10 %", share: 0.1, wanted: 0.95 }),
  {
    // A relay that burns its stalls pays for them in processor time as well.
    ...caught("stall", "relay, one stall of 20 ms a second", 0.95),
    run: () => gateOf({ stall_ms: "20" }, {}),
  },
  {
    ...caught("stall-alone", "relay, the same, by stalls alone", 0.95),
    run: () => gateOf({ stall_ms: "20" }, { metrics: ["stallsPerS"] }),
  },
];

function slowdown(kind, { name, share, wanted, read, compare, grows = false }) {
  return {
    ...caught(kind, name, wanted),
    async run() {
      const alone = await valueAlone(read);
      const first = alone * share;
      const factor = grows ? share / (await growth(first, compare)) : 1;
      const spinUs = Number((first * factor).toPrecision(3));
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

/** What so much burnt came to in a run of its own, as a share of the value without. */
async function growth(spinUs, compare) {
  const scenario = join(folder, "growth.json");
  const slower = { name: "slower", arm: "embedded", set: { spin_us: spinUs.toFixed(1) } };
  writeFileSync(
    scenario,
    JSON.stringify({ workload: { ...load, blocks: 8 }, arms: ["embedded", slower], compare }),
  );
  const {
    document: { comparisons },
  } = await runCli(join(folder, "growth"), ["run", scenario]);
  const share = comparisons[0].ratio - 1;
  if (!(share > 0)) throw new Error(`${spinUs} µs more made no difference: ${share}`);
  return share;
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
