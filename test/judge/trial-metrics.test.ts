import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toOutcome } from "#wsrally/judge/trial-metrics.js";
import { type MetricName, metricNames } from "#wsrally/scenario/metric.js";
import { latency, makeTrial } from "../report/run-documents.js";

const trial = makeTrial(0, {
  latencyUs: {
    roundTrip: latency(121, 10_000),
    response: latency(124, 10_000),
    wire: latency(110, 4999),
    uplink: latency(60, 625),
    tls: latency(2300, 40),
  },
});

describe("toOutcome()", () => {
  for (const [metric, value] of [
    ["roundTrip.p50", 121],
    ["response.p99", 124 * 3.4],
    // 5,000 are needed.
    ["wire.p99", null],
    ["wire.p50", 110],
    ["roundTrip.p999", null],
    ["uplink.p50", 60],
    ["uplink.p99", null],
    // Handshakes are as many as there are connections.
    ["tls.p50", 2300],
    // Not in this trial at all.
    ["connect.p50", null],
    ["contextSwitchesPerMessage", 0.42],
    ["activeBytesPerConnection", 14_320],
  ] as const) {
    it(`reads ${metric} as ${value}`, () => {
      assert.equal(toOutcome("a", trial, [metric]).metrics[metric], value);
    });
  }

  it("reads the median of each slot, of the series that they are of", () => {
    const slots = { series: "wire", p50Us: [70, null, 75] } as const;
    const inSlots = makeTrial(0, { slots: { ...slots, p50Us: [...slots.p50Us] } });
    const slotsOf = (...metrics: MetricName[]) => toOutcome("a", inSlots, metrics).slots;
    assert.deepEqual(slotsOf("cpuUsPerMessage", "wire.p50"), { "wire.p50": [70, null, 75] });
    assert.equal(slotsOf("roundTrip.p50", "wire.p99", "wire.steadyP99"), undefined);
    assert.equal(toOutcome("a", trial, ["wire.p50"]).slots, undefined, "not in slots");
  });

  it("compares the tail of a trial in slots by the quieter half of them, and shows its median", () => {
    const slots = { series: "wire" as const, p50Us: [70, 70, 70, 70, 70, 70] };
    const p99Us = [150, 900, 160, 170, 6000, 155];
    const gaps = p99Us.map(() => 0);
    const slices = {
      lengthS: 0.1,
      series: "wire" as const,
      p99Us,
      generatorGapUs: gaps,
      backendGapUs: gaps,
      stolenUs: gaps,
    };
    const latencyUs = { roundTrip: latency(121, 10_000), wire: { ...latency(110, 10_000), steadyP99: 165 } };
    const told = toOutcome("a", makeTrial(0, { slots, slices, latencyUs }), ["wire.p50", "wire.steadyP99"]);
    assert.equal(told.metrics["wire.steadyP99"], 165);
    assert.ok(Math.abs((told.compared?.["wire.steadyP99"] ?? 0) - (150 * 155 * 160) ** (1 / 3)) < 1e-9);
    const alone = makeTrial(0, { slices, latencyUs });
    assert.equal(toOutcome("a", alone, ["wire.steadyP99"]).compared, undefined, "not in slots");
    const few = makeTrial(0, {
      slots,
      slices: { ...slices, p99Us: [150, null, 160, 170, null, 155] },
      latencyUs,
    });
    assert.equal(toOutcome("a", few, ["wire.steadyP99"]).compared, undefined, "four slots tell one");
    assert.equal(toOutcome("a", few, ["roundTrip.steadyP99"]).compared, undefined, "of another series");
  });

  it("has no cost where there is no proxy, and a number for all else", () => {
    const { metrics } = toOutcome("direct", makeTrial(0, { proxyCost: null }), metricNames);
    const known = Object.keys(metrics).filter((name) => metrics[name] !== null);
    const isCost = (name: string): boolean => /PerMessage|PerConnection/.test(name);
    assert.deepEqual(known.filter(isCost), []);
    assert.ok(known.includes("throughputPerS") && known.includes("roundTrip.p99"));
    assert.deepEqual(
      Object.keys(metrics).filter((name) => !metricNames.includes(name as MetricName)),
      [],
    );
  });
});
