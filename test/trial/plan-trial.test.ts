import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MetricName } from "#wsrally/scenario/metric.js";
import { parseSlos } from "#wsrally/scenario/slo.js";
import { resolveWorkload } from "#wsrally/scenario/workload.js";
import { planBlocks, planTrialTimes } from "#wsrally/trial/plan-trial.js";

const gate: readonly MetricName[] = ["roundTrip.p50", "roundTrip.p99"];

describe("planTrialTimes()", () => {
  for (const [what, input, perS, metrics, warmupS, durationS] of [
    ["eight tenths of a second where they hold enough", {}, 10_000, gate, 0.25, 0.8],
    ["longer until p99 has its 5,000 messages", {}, 2000, gate, 1, 2.5],
    ["never beyond five seconds", {}, 10, gate, 1, 5],
    ["eight tenths of a second for p50 alone", {}, 500, ["roundTrip.p50"], 1, 0.8],
    ["a quarter of a second of warm-up at least", { connections: 10 }, 10_000, gate, 0.25, 0.8],
    ["two messages a connection", {}, 4000, gate, 0.5, 1.25],
    ["what was asked for", { warmup: 0, duration: 0.3 }, 10, gate, 0, 0.3],
    ["three seconds where the tail is what matters", {}, 10_000, ["roundTrip.p99"], 0.25, 3],
    [
      "eight tenths of a second where the tail is second",
      {},
      10_000,
      ["throughputPerS", "roundTrip.p99"],
      0.25,
      0.8,
    ],
    ["five seconds where p99.9 comes first", {}, 10_000, ["response.p999"], 0.25, 5],
    ["no message for connects", {}, 10, ["connect.p99"], 1, 0.8],
    // Of p50's 100 messages, one of 16 tells the direction.
    ["sixteen times as many for a direction", {}, 800, ["uplink.p50"], 1, 2],
  ] as const) {
    it(`measures ${what}`, () => {
      const times = planTrialTimes(resolveWorkload(input), perS, { metrics, slos: [] });
      assert.deepEqual(times, { warmupS, durationS });
    });
  }

  for (const [slo, perS, durationS] of [
    ["p50 < 1s", 10_000, 0.8],
    ["p99 < 1s", 2000, 2.5],
    ["response.p999 < 1s", 20_000, 2.5],
    ["response.p999 < 1s && failures == 0", 1000, 5],
    ["uplink.p90 < 1ms", 4000, 2],
    ["response.max < 1s, mean < 1s", 100, 1],
    ["connect.p99 < 1s", 100, 1],
    ["cpuUsPerMessage < 12", 100, 1],
  ] as const) {
    it(`measures ${durationS} s at ${perS} messages a second for an SLO of ${slo}`, () => {
      const asked = { metrics: ["roundTrip.p50"] as const, slos: parseSlos(slo) };
      assert.equal(planTrialTimes(resolveWorkload({}), perS, asked).durationS, durationS);
    });
  }
});

describe("planBlocks()", () => {
  for (const [blockS, leftS, most, blocks] of [
    [5, 100, 60, 20],
    [5, 4, 60, 1],
    [1, 1000, 60, 60],
    [1, 1000, 200, 200],
    [1, Number.POSITIVE_INFINITY, 60, 60],
    [5, -3, 60, 1],
  ] as const) {
    it(`plans ${blocks} of at most ${most} blocks of ${blockS} s in ${leftS} s`, () => {
      assert.equal(planBlocks(blockS, leftS, most), blocks);
    });
  }
});
