import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gateOutcome } from "#wsrally/judge/gate/gate-outcome.js";
import type { Comparison } from "#wsrally/judge/series/comparison.js";
import { judgeSeries } from "#wsrally/judge/series/judge-series.js";
import type { SeriesQuestion } from "#wsrally/judge/series/series-judgement.js";
import type { TrialOutcome } from "#wsrally/judge/trial-outcome.js";
import {
  assertNear,
  type ComparisonVector,
  type RunVector,
  statsVectors,
  type TrialRow,
  tolerance,
} from "../stats/stats-vectors.js";
import { fourLooks, judged } from "./made-trials.js";

function outcomeOf(row: TrialRow): TrialOutcome {
  const [block, , arm, usable, messages, windowMs, proxyCpuUs, p50Ns, p99Ns] = row;
  const metrics = {
    p50: p50Ns / 1e3,
    p99: p99Ns / 1e3,
    throughputPerS: messages / (windowMs / 1e3),
    cpuUsPerMessage: proxyCpuUs / messages,
  };
  return { block, arm, usable, metrics };
}

function questionOf(run: RunVector): SeriesQuestion {
  const outcomes = run.trials.rows.map(outcomeOf);
  const arms = [...new Set(outcomes.map(({ arm }) => arm))];
  return {
    outcomes,
    baseline: run.baseline,
    candidates: arms.filter((arm) => arm !== run.baseline),
    metrics: run.gateMetrics,
    plan: { ...fourLooks, ...run.plan, fractionsEq: run.plan?.fractions ?? fourLooks.fractionsEq },
    mode: "gate",
    ended: true,
  };
}

function assertComparison(actual: Comparison, expected: ComparisonVector): void {
  const what = `${expected.arm} ${expected.metric}`;
  assert.equal(actual.n, expected.n, what);
  assert.equal(actual.verdict, expected.verdict, what);
  assert.equal(actual.direction, expected.direction, what);
  assert.deepEqual(actual.reasons, [], what);
  const estimates: readonly (readonly [string, number | null, number | null])[] = [
    ["estimate", actual.estimate, expected.est],
    ["ci95 low", actual.ci95.low, expected.ci95[0]],
    ["ci95 high", actual.ci95.high, expected.ci95[1]],
    ["ratio", actual.ratio, expected.ratio],
    ["ratioCi95 low", actual.ratioCi95.low, expected.ratioCi95[0]],
    ["ratioCi95 high", actual.ratioCi95.high, expected.ratioCi95[1]],
    ["decision low", actual.decision.low, expected.decision[0]],
    ["decision high", actual.decision.high, expected.decision[1]],
  ];
  for (const [name, a, e] of estimates) assertNear(a, e, tolerance.estimate, `${what} ${name}`);
  const pValues: readonly (readonly [string, number, number])[] = [
    ["pWorse", actual.pWorse, expected.pWorse],
    ["pBetter", actual.pBetter, expected.pBetter],
    ["adjustedWorse", actual.adjustedWorse, expected.pWorseAdj],
    ["adjustedBetter", actual.adjustedBetter, expected.pBetterAdj],
    ["pEquivalent", actual.pEquivalent, expected.pEquivalent],
  ];
  for (const [name, a, e] of pValues) assertNear(a, e, tolerance.pValue, `${what} ${name}`);
  assertNear(actual.mde80, expected.mde80, tolerance.mde80, `${what} mde80`);
}

describe("the plan of the vectors", () => {
  it("is the default one but for its looks", () => {
    const { otherMargin, worseRule, fractionsEq, ...plan } = fourLooks;
    assert.deepEqual(plan, statsVectors.plan);
    assert.deepEqual(fractionsEq, statsVectors.plan.fractions);
    assert.equal(otherMargin, 0.05);
    assert.equal(worseRule, "any");
  });
});

describe("judgeSeries() on golden runs", () => {
  for (const run of statsVectors.runs) {
    const { expected } = run;

    it(`judges ${run.name}`, () => {
      const judgement = judged(judgeSeries(questionOf(run)));
      assert.equal(judgement.look, expected.look);
      assert.equal(judgement.blocks, expected.blocks);
      assert.equal(judgement.stop, true);
      assert.equal(gateOutcome(judgement.comparisons, []).outcome, expected.gate);
      if (expected.alphaLook !== undefined) {
        assertNear(judgement.familyLevel, expected.alphaLook, tolerance.pValue, "family level");
      }
      for (const comparison of expected.comparisons) {
        const found = judgement.comparisons.find(
          ({ candidate, metric }) => candidate === comparison.arm && metric === comparison.metric,
        );
        assert.ok(found, `${comparison.arm} ${comparison.metric} is missing`);
        assertComparison(found, comparison);
      }
    });

    it(`judges ${run.name} the same, asked after every block`, () => {
      const atEnd = questionOf(run);
      const blocks = [...new Set(atEnd.outcomes.map(({ block }) => block))].sort((a, b) => a - b);
      const decided = blocks
        .map((last) => {
          const outcomes = atEnd.outcomes.filter(({ block }) => block <= last);
          return judgeSeries({ ...atEnd, outcomes, ended: last === blocks.at(-1) });
        })
        .find(({ stop }) => stop);
      assert.deepEqual(decided, judgeSeries(atEnd));
    });
  }

  it("says too-few-blocks, and still shows what it read", () => {
    const run = statsVectors.runs.find(({ name }) => name === "too-few");
    assert.ok(run);
    const { comparisons, reasons } = judged(judgeSeries(questionOf(run)));
    assert.deepEqual(reasons, ["too-few-blocks"]);
    for (const { verdict, n, estimate } of comparisons) {
      assert.deepEqual(
        { verdict, n, read: estimate !== null },
        { verdict: "inconclusive", n: 6, read: true },
      );
    }
  });
});
