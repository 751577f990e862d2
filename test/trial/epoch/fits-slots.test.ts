import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseArm } from "#wsrally/scenario/arm.js";
import type { MetricName } from "#wsrally/scenario/metric.js";
import { resolveScenario } from "#wsrally/scenario/resolve-scenario.js";
import type { WorkloadInput } from "#wsrally/scenario/workload.js";
import { settleSlots, takesSlots, whyNoSlots } from "#wsrally/trial/epoch/fits-slots.js";

const limits = { maxOpenFiles: 20_000, ephemeralPorts: 28_000, listenBacklog: 4096, availableBytes: null };
const machine = { hasAgents: false, limits };

interface Row {
  readonly what: string;
  readonly arms?: readonly string[];
  readonly workload?: WorkloadInput;
  readonly metrics?: MetricName[];
  readonly machine?: Partial<typeof machine>;
  /** Null: slots fit. */
  readonly why: RegExp | null;
}

const rows: readonly Row[] = [
  { what: "two arms at a share of what they carry", why: null },
  {
    what: "three arms at a rate",
    arms: ["embedded", "direct", "nginx"],
    workload: { rate: 3000 },
    why: null,
  },
  { what: "stalls among other metrics", metrics: ["roundTrip.p50", "stallsPerS"], why: null },
  { what: "stalls alone", metrics: ["stallsPerS"], why: /stalls would fall into others/ },
  { what: "one arm", arms: ["embedded"], why: /no other/ },
  { what: "four arms", arms: ["embedded", "direct", "nginx", "haproxy"], why: /too many arms/ },
  { what: "agents", machine: { hasAgents: true }, why: /agents/ },
  { what: "a URL", arms: ["embedded", "ws://127.0.0.1:9/"], why: /URL/ },
  { what: "a closed loop", workload: { closed: true }, why: /closed loop/ },
  { what: "churn", workload: { churn: "5" }, why: /come and go/ },
  { what: "heartbeats", workload: { heartbeat: 10 }, why: /keeps connections alive/ },
  { what: "messages that keep alive", workload: { preset: "signalr" }, why: /keeps connections alive/ },
  { what: "generators that never sleep", workload: { busyPoll: true }, why: /never sleep/ },
  { what: "packets watched at the proxy", workload: { residence: true }, why: /one proxy at a time/ },
  { what: "a ramp", workload: { ramp: 100 }, why: /ramp/ },
  { what: "more connections than an epoch takes", workload: { connections: 4000 }, why: /8000 connections/ },
  {
    what: "more connections than this process may open",
    workload: { connections: 1000 },
    machine: { limits: { ...limits, maxOpenFiles: 1024 } },
    why: /2000 connections/,
  },
];

function scenarioOf({ arms = ["embedded", "nginx"], workload = {}, metrics }: Partial<Row>) {
  const named = arms.map((text, index) => ({ ...parseArm(text), name: `arm-${index}` }));
  const compare = metrics === undefined ? {} : { compare: { metrics } };
  return resolveScenario({ arms: named, ...compare }, { name: "x", overrides: workload });
}

describe("whyNoSlots()", () => {
  for (const row of rows) {
    it(`${row.why === null ? "finds nothing against" : "says what is against"} ${row.what}`, () => {
      const why = whyNoSlots(scenarioOf(row), { ...machine, ...row.machine });
      if (row.why === null) assert.equal(why, null);
      else assert.match(why ?? "", row.why);
    });
  }
});

describe("takesSlots()", () => {
  it("is so where it fits, unless blocks are asked for", () => {
    assert.equal(takesSlots(scenarioOf({}), machine), true);
    assert.equal(takesSlots(scenarioOf({ workload: { closed: true } }), machine), false);
    assert.equal(takesSlots(scenarioOf({ workload: { burnIn: "one" } }), machine), false);
    assert.equal(takesSlots(scenarioOf({ workload: { interleave: "blocks" } }), machine), false);
  });

  it("says what is against it where it is asked for", () => {
    assert.equal(takesSlots(scenarioOf({ workload: { interleave: "slots" } }), machine), true);
    assert.throws(
      () => takesSlots(scenarioOf({ workload: { interleave: "slots", closed: true } }), machine),
      /^UsageError: Cannot use --interleave slots: a closed loop has no schedule; want --interleave blocks$/,
    );
  });
});

describe("settleSlots()", () => {
  it("divides a window, or says what it would have to come to", () => {
    const scenario = scenarioOf({ workload: { interleave: "slots" } });
    const load = { ratePerS: 5000, warmupS: 0.4 };
    const settled = { slotS: 0.1, cycles: 10, warmupS: 0.2 };
    assert.deepEqual(settleSlots(scenario, { ...load, durationS: 1 }), settled);
    const warm = scenarioOf({ workload: { interleave: "slots", warmup: 0.4 } });
    assert.deepEqual(settleSlots(warm, { ...load, durationS: 1 }), { ...settled, warmupS: 0.4 });
    assert.throws(
      () => settleSlots(scenario, { ...load, durationS: 20 }),
      /^UsageError: .*: windows of 20 s at 5000\/s do not divide .* 10 s or less for all arms; want another --duration/,
    );
  });
});
