import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "#wsrally/base/errors.js";
import { parseScenario } from "#wsrally/scenario/parse-scenario.js";
import { parseSlos } from "#wsrally/scenario/slo.js";
import { sloMetrics, unitsOf } from "#wsrally/scenario/slo-metric.js";
import { resolveAsWritten } from "../support/resolve-as-written.js";
import { fc } from "../support/seeded-fast-check.js";

function faultOf(text: string): string {
  try {
    parseSlos(text);
  } catch (thrown) {
    assert.ok(thrown instanceof UsageError, String(thrown));
    return thrown.message;
  }
  assert.fail(`${text} was taken`);
}

describe("parseSlos()", () => {
  it("reads names, short forms and units into the metric's own unit", () => {
    const rows: readonly [text: string, metric: string, operator: string, limit: number][] = [
      ["response.p99 < 20ms", "response.p99", "<", 20_000],
      ["p99<20ms", "roundTrip.p99", "<", 20_000],
      ["p99.9 <= 0.5 s", "roundTrip.p999", "<=", 500_000],
      ["wire.p99.9<80µs", "wire.p999", "<", 80],
      ["connect.p99 < 1s", "connect.p99", "<", 1_000_000],
      ["failures == 0", "failures", "==", 0],
      ["failures<5", "failures", "<", 5],
      ["throughput > 5000/s", "throughputPerS", ">", 5000],
      ["throughputPerS >= 5000", "throughputPerS", ">=", 5000],
      ["proxyCost.cpuUsPerMessage < 12", "proxyCost.cpuUsPerMessage", "<", 12],
      ["cpuUsPerMessage < 0.012ms", "proxyCost.cpuUsPerMessage", "<", 12],
      ["rssBytes < 64MiB", "proxyCost.rssBytes", "<", 67_108_864],
      ["proxyCost.cpuShare <= 80%", "proxyCost.cpuShare", "<=", 0.8],
    ];
    for (const [text, metric, operator, limit] of rows) {
      const [slo, ...others] = parseSlos(text);
      assert.deepEqual([slo?.metric, slo?.operator, others.length], [metric, operator, 0], text);
      assert.ok(Math.abs((slo?.limit ?? Number.NaN) - limit) < 1e-9, text);
      assert.equal(slo?.expression, text);
    }
  });

  it("takes lists by && and comma", () => {
    const slos = parseSlos("  p50 < 1ms && failures==0, throughput>1/s ");
    assert.deepEqual(
      slos.map(({ expression }) => expression),
      ["p50 < 1ms", "failures==0", "throughput>1/s"],
    );
  });

  it("points at the fault and says what is wanted", () => {
    const rows: readonly [text: string, column: number, says: RegExp][] = [
      ["", 1, /want a name: one of these, .*\n {2}failures {2}/],
      ["respnse.p99 < 20ms", 1, /there is no respnse\.p99 \(did you mean response\.p99\?\)$/m],
      ["p50 < 1ms && p77 < 2ms", 14, /there is no p77 \(percentiles are p50, p90, p99, p999\)/],
      ["p99 20ms", 5, /want < or <=/],
      ["p99 = 20ms", 5, /want < or <=/],
      ["p99 > 20ms", 5, /p99 is good below its limit: want < or <=/],
      ["throughput < 5/s", 12, /throughput is good above its limit: want > or >=/],
      ["p99 == 20ms", 5, /varies from trial to trial/],
      ["p99 < 20", 9, /20 of what\? Want a unit \(ns, us, µs, ms, s\), such as 20ms/],
      ["p99 < 20/s", 9, /\/s is no unit of p99: want one of ns/],
      ["failures == 0ms", 14, /failures is counted, want no unit/],
      ["p99 < fast", 7, /want a number, with a unit/],
      ["p99 < 20ms || p50 < 1ms", 12, /want && or a comma/],
      ["p99 < 20ms,", 12, /want a name/],
    ];
    for (const [text, column, says] of rows) {
      const fault = faultOf(text);
      assert.match(fault, says, text);
      const lines = fault.split("\n");
      const [first = ""] = lines;
      const [shown = "", caret = ""] = lines.slice(-2);
      assert.match(first, new RegExp(`^Cannot read the SLO at column ${column}: `), text);
      assert.equal(shown, `  ${text}`);
      assert.equal(caret.indexOf("^"), column + 1, fault);
    }
  });

  it("reads whatever is written by the table of metrics, and never anything but a UsageError", () => {
    const metric = fc.constantFrom(...sloMetrics);
    fc.assert(
      fc.property(metric, fc.integer({ min: 0, max: 1e6 }), fc.nat(), ([name, facts], number, pick) => {
        const units = unitsOf(facts.unit);
        const unit = units[pick % Math.max(1, units.length)] ?? "";
        const [slo] = parseSlos(`${name}${facts.good === "below" ? "<" : ">"}${number}${unit}`);
        assert.equal(slo?.metric, name);
        assert.ok(number === 0 || (slo?.limit ?? 0) > 0);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseSlos(text);
        } catch (thrown) {
          assert.ok(thrown instanceof UsageError);
        }
      }),
    );
  });
});

describe("the slo key of a scenario", () => {
  const options = { name: "x", overrides: {} };

  it("is one expression or a list", () => {
    const one = resolveAsWritten(
      parseScenario("arms: [nginx]\nslo: p99 < 20ms, failures == 0", "s.yaml"),
      options,
    );
    assert.equal(one.slos.length, 2);
    const two = resolveAsWritten(parseScenario("arms: [nginx]\nslo: [p99 < 20ms]", "s.yaml"), options);
    assert.deepEqual(
      two.slos.map(({ metric }) => metric),
      ["roundTrip.p99"],
    );
    assert.equal(resolveAsWritten({ arms: ["nginx"] }, options).slos.length, 0);
  });

  it("is checked with the file, line and place given", () => {
    const text = "arms: [nginx]\nslo:\n  - failures == 0\n  - p98 < 2ms";
    assert.throws(
      () => parseScenario(text, "s.yaml"),
      /s\.yaml:4: slo\[2\]: Cannot read the SLO at column 1: there is no p98/,
    );
    assert.throws(
      () => parseScenario("arms: [nginx]\nslo: p99 < 2", "s.yaml"),
      /s\.yaml:2: slo: .*column 8: 2 of what\?/,
    );
  });

  it("refuses what the load can never show", () => {
    const closed = { arms: ["nginx"], slo: "response.p99 < 20ms", workload: { closed: true } };
    assert.throws(() => resolveAsWritten(closed, options), /closed loop.*want roundTrip\.p99, or --rate/);
  });
});
