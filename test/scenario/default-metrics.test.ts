/** Which metrics decide, and what a bare percentile is of, by the load and by what the kernel tells. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseScenario } from "#wsrally/scenario/parse-scenario.js";
import { resolveAsWritten } from "../support/resolve-as-written.js";

function metricsOf(text: string, hasStamps: () => boolean): readonly string[] {
  return resolveAsWritten(parseScenario(text, "s.yaml"), { name: "s", overrides: {}, hasStamps }).metrics;
}

const noneTold = (): never => {
  throw new Error("was asked");
};

const ofRoundTrip = ["roundTrip.p50", "roundTrip.steadyP99", "cpuUsPerMessage", "stallsPerS"];

describe("the metrics that decide", () => {
  for (const [what, workload, metrics] of [
    ["paced", "{}", ["wire.p50", "wire.steadyP99", "cpuUsPerMessage", "stallsPerS"]],
    ["open", "{ rate: 500 }", ["wire.p50", "wire.steadyP99", "cpuUsPerMessage", "stallsPerS"]],
    ["of pushes", "{ push: { rate: 1000 } }", ["push.p50", "push.p99", "cpuUsPerMessage"]],
    ["of few pushes", "{ push: { rate: 999 } }", ["push.p50", "cpuUsPerMessage"]],
    [
      "of rooms",
      "{ fanout: { room: 9, rate: 5 } }",
      ["fanoutMedian.p50", "fanoutLast.p50", "cpuUsPerFanout"],
    ],
    // 0.4 s are four slices, and no tail of a typical one.
    ["short and dense", "{ rate: 12500, duration: 0.4 }", ["wire.p50", "wire.p99", "cpuUsPerMessage"]],
    ["too slow for any tail", "{ rate: 499 }", ["wire.p50", "cpuUsPerMessage"]],
  ] as const) {
    it(`are of the wire where the kernel stamps replies and the load is ${what}`, () => {
      const text = `workload: ${workload}\narms: [nginx, b=nginx]`;
      assert.deepEqual(
        metricsOf(text, () => true),
        metrics,
      );
      const withoutStamps = metrics.map((metric) => metric.replace("wire", "roundTrip"));
      assert.deepEqual(
        metricsOf(text, () => false),
        withoutStamps,
      );
    });
  }

  for (const [what, workload, metrics] of [
    ["a closed loop", "{ closed: true }", ["throughputPerS", "roundTrip.steadyP99", "stallsPerS"]],
    ["the engine without stamps", "{ engine: ws }", ofRoundTrip],
    ["compression", "{ deflate: true }", ofRoundTrip],
  ] as const) {
    it(`are of the round trip for ${what}, wherever that is`, () => {
      assert.deepEqual(metricsOf(`workload: ${workload}\narms: [nginx, b=nginx]`, noneTold), metrics);
    });
  }

  it("are what a scenario names, a bare percentile of the same series", () => {
    const text = "arms: [nginx, b=nginx]\ncompare: { metrics: [p90, steadyP99, roundTrip.p50] }";
    assert.deepEqual(
      metricsOf(text, () => true),
      ["wire.p90", "wire.steadyP99", "roundTrip.p50"],
    );
    assert.deepEqual(
      metricsOf(text, () => false),
      ["roundTrip.p90", "roundTrip.steadyP99", "roundTrip.p50"],
    );
  });
});
