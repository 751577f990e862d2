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

describe("the metrics that decide", () => {
  for (const [what, workload, metrics] of [
    ["paced", "{}", ["wire.p50", "wire.p99", "cpuUsPerMessage"]],
    ["open", "{ rate: 1000 }", ["wire.p50", "wire.p99", "cpuUsPerMessage"]],
    ["too slow for p99", "{ rate: 999 }", ["wire.p50", "cpuUsPerMessage"]],
  ] as const) {
    it(`are of the wire where the kernel stamps replies and the load is ${what}`, () => {
      const text = `workload: ${workload}\narms: [nginx, b=nginx]`;
      assert.deepEqual(
        metricsOf(text, () => true),
        metrics,
      );
      const ofRoundTrip = metrics.map((metric) => metric.replace("wire", "roundTrip"));
      assert.deepEqual(
        metricsOf(text, () => false),
        ofRoundTrip,
      );
    });
  }

  for (const [what, workload, metrics] of [
    ["a closed loop", "{ closed: true }", ["throughputPerS", "roundTrip.p99"]],
    ["the engine without stamps", "{ engine: ws }", ["roundTrip.p50", "roundTrip.p99", "cpuUsPerMessage"]],
    ["compression", "{ deflate: true }", ["roundTrip.p50", "roundTrip.p99", "cpuUsPerMessage"]],
  ] as const) {
    it(`are of the round trip for ${what}, wherever that is`, () => {
      assert.deepEqual(metricsOf(`workload: ${workload}\narms: [nginx, b=nginx]`, noneTold), metrics);
    });
  }

  it("are what a scenario names, a bare percentile of the same series", () => {
    const text = "arms: [nginx, b=nginx]\ncompare: { metrics: [p90, roundTrip.p50, response.p99] }";
    assert.deepEqual(
      metricsOf(text, () => true),
      ["wire.p90", "roundTrip.p50", "response.p99"],
    );
    assert.deepEqual(
      metricsOf(text, () => false),
      ["roundTrip.p90", "roundTrip.p50", "response.p99"],
    );
  });
});
