import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { evaluateSlos } from "#wsrally/judge/slo.js";
import type { SloResult } from "#wsrally/results/slo-schema.js";
import type { TrialResult } from "#wsrally/results/trial-schema.js";
import { parseSlos } from "#wsrally/scenario/slo.js";
import { latency, makeArm, makeTrial } from "../report/run-documents.js";

/** One trial of each p99, in microseconds. */
function trialsWithP99(values: readonly (number | null)[]): TrialResult[] {
  return values.map((p99, block) => makeTrial(block, { latencyUs: { roundTrip: { ...latency(100), p99 } } }));
}

/** Trials with so many messages, and no p99. */
function withCount(count: number): TrialResult[] {
  return Array.from({ length: 14 }, (_, block) =>
    makeTrial(block, { latencyUs: { roundTrip: { ...latency(100), p99: null, count } } }),
  );
}

function judge(text: string, trials: readonly TrialResult[]): SloResult {
  const [result, ...others] = evaluateSlos(parseSlos(text), [makeArm("a", { trials: [...trials] })]);
  assert.ok(result !== undefined && others.length === 0);
  return result;
}

const spread = (center: number): number[] => Array.from({ length: 14 }, (_, index) => center + index - 6.5);

describe("evaluateSlos()", () => {
  it("calls it met or missed only where the interval lies wholly on one side", () => {
    const rows: readonly [center: number, status: string, reason: string | null][] = [
      [90, "met", null],
      [95, "met", null],
      [100, "unknown", "too-close"],
      [105, "missed", null],
      [110, "missed", null],
    ];
    for (const [center, status, reason] of rows) {
      const result = judge("p99 < 100us", trialsWithP99(spread(center)));
      assert.deepEqual([result.status, result.reason], [status, reason], `around ${center}`);
      // The third of 14 from either end.
      assert.deepEqual([result.value, result.low, result.high], [center, center - 4.5, center + 4.5]);
    }
  });

  it("tells < from <= at the limit itself", () => {
    const same = trialsWithP99(new Array(8).fill(100));
    assert.equal(judge("p99 < 100us", same).status, "missed");
    assert.equal(judge("p99 <= 100us", same).status, "met");
  });

  it("lets one wild trial of many change nothing", () => {
    assert.equal(judge("p99 < 100us", trialsWithP99([...spread(80), 9999])).status, "met");
  });

  it("is unknown without data, and never met", () => {
    const five = trialsWithP99([1, 1, 1, 1, 1]);
    const rows: readonly [trials: readonly TrialResult[], reason: string][] = [
      [[], "not-measured"],
      [trialsWithP99(new Array(14).fill(null)), "not-measured"],
      [withCount(0), "not-measured"],
      [withCount(999), "too-few-messages"],
      [withCount(1000), "not-measured"],
      [five, "too-few-trials"],
      [trialsWithP99([...new Array(12).fill(1), null, null]), "missing-values"],
      [[...trialsWithP99(new Array(12).fill(1)), ...withCount(500).slice(0, 2)], "too-few-messages"],
      [[...trialsWithP99(new Array(12).fill(1)), ...out(2)], "lost-trials"],
      [out(14), "lost-trials"],
    ];
    for (const [trials, reason] of rows) {
      const result = judge("p99 < 100us", trials);
      assert.deepEqual([result.status, result.reason], ["unknown", reason]);
    }
    assert.equal(judge("response.p99 < 100us", five).reason, "not-measured");
    assert.equal(judge("failures == 0", []).status, "unknown");
  });

  it("still calls it missed where trials were lost", () => {
    assert.equal(
      judge("p99 < 100us", [...trialsWithP99(new Array(12).fill(200)), ...out(4)]).status,
      "missed",
    );
  });

  it("counts the failures of every trial, lost ones too", () => {
    const failure = { kind: "reset", side: "proxy", count: 3, example: "x" } as const;
    const trials = [...trialsWithP99(spread(80)), ...out(1).map((one) => ({ ...one, failures: [failure] }))];
    const result = judge("failures == 0", trials);
    assert.deepEqual([result.status, result.value], ["missed", 3]);
    assert.equal(judge("failures < 4", trials).status, "met");
    assert.equal(judge("failures == 0", trialsWithP99([1])).status, "met");
  });

  it("reads throughput and what the proxy costs", () => {
    const trials = Array.from({ length: 14 }, (_, block) => makeTrial(block));
    assert.equal(judge("throughput > 9000/s", trials).status, "met");
    assert.equal(judge("throughput > 20000/s", trials).status, "missed");
    assert.equal(judge("cpuUsPerMessage < 12", trials).status, "met");
    assert.equal(judge("proxyCost.rssBytes < 1MiB", trials).status, "missed");
    const bare = trials.map((trial) => ({ ...trial, proxyCost: null }));
    assert.equal(judge("cpuUsPerMessage < 12", bare).reason, "not-measured");
  });

  it("asks no proxy cost of an arm without a proxy", () => {
    const arm = makeArm("floor", { proxy: { ...makeArm("x").proxy, kind: "direct" } });
    const results = evaluateSlos(parseSlos("cpuUsPerMessage < 12 && p50 < 1s"), [arm]);
    assert.deepEqual(
      results.map(({ metric }) => metric),
      ["roundTrip.p50"],
    );
  });
});

function out(count: number): TrialResult[] {
  return Array.from({ length: count }, (_, index) =>
    makeTrial(100 + index, { disqualified: true, disqualifiedBecause: ["connections-lost"] }),
  );
}
