import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Command } from "commander";
import { addMetricFlag, type GivenMetric, withMetrics } from "#wsrally/commands/metric-flag.js";

function parsed(...args: readonly string[]): readonly GivenMetric[] | undefined {
  const command = addMetricFlag(new Command()).exitOverride();
  return command.parse(args, { from: "user" }).opts().metric;
}

describe("--metric", () => {
  it("takes the place of what a scenario names, as often as it is given", () => {
    const metrics = parsed("--metric", "p99", "--metric", "wire.steadyP99", "--metric", "p99");
    assert.deepEqual(metrics, ["p99", "wire.steadyP99"]);
    const input = { compare: { metrics: ["p50" as const], margin: 0.03 } };
    assert.deepEqual(withMetrics(input, metrics).compare, {
      metrics: ["p99", "wire.steadyP99"],
      margin: 0.03,
    });
  });

  it("leaves a scenario as it is where it is not given", () => {
    const input = { compare: { metrics: ["p50" as const] } };
    assert.equal(withMetrics(input, parsed()), input);
  });

  it("says which metrics there are", () => {
    assert.throws(
      () => parsed("--metric", "p95"),
      /Cannot use --metric p95: want p50, .*steadyP99.*stallsPerS/,
    );
    assert.throws(() => parsed("--metric", "failures"), /failures are no metric/);
  });
});
