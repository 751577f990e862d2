import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defaultDecisionPlan, precisionLooks } from "#wsrally/judge/series/decision-plan.js";
import { judgeSeries } from "#wsrally/judge/series/judge-series.js";
import { blocksForPrecision, halfWidth } from "#wsrally/judge/series/precision.js";
import { judged, noisyTrials, question, spreadRatios, trialsFromRatios } from "../made-trials.js";

const plan = { ...defaultDecisionPlan, ...precisionLooks };

describe("halfWidth()", () => {
  it("is the share by which an interval goes to either side of its middle", () => {
    assert.ok(Math.abs((halfWidth({ ciLow: 2 / 1.03, ciHigh: 2 * 1.03 }) ?? 0) - 0.03) < 1e-12);
    assert.equal(halfWidth({ ciLow: 1, ciHigh: 1 }), 0);
    assert.equal(halfWidth({ ciLow: null, ciHigh: 1 }), null);
    assert.equal(halfWidth({ ciLow: 0, ciHigh: 1 }), null);
  });

  it("takes four times the blocks to halve", () => {
    const interval = { ciLow: Math.exp(-0.04), ciHigh: Math.exp(0.04) };
    assert.equal(blocksForPrecision(interval, 14, Math.expm1(0.02)), 56);
    assert.equal(blocksForPrecision({ ciLow: null, ciHigh: null }, 14, 0.02), null);
  });
});

describe("a series with a precision", () => {
  const at = (ratios: readonly number[], precision: number) =>
    judgeSeries(question(trialsFromRatios(ratios), { plan, precision, mode: "compare" }));

  it("goes on past a verdict while its interval is too wide, and stops once it is not", () => {
    const first = judged(at(spreadRatios(14, 0.5, 0.2), 0.02));
    assert.deepEqual([first.comparisons[0]?.verdict, first.stop], ["worse", false]);
    const later = judged(at(spreadRatios(200, 0.5, 0.1), 0.02));
    assert.equal(later.stop, true);
    assert.ok(later.blocks > 14 && later.blocks < 200, `${later.blocks}`);
    const { low, high } = later.comparisons[0]?.ratioCi95 ?? { low: null, high: null };
    assert.ok((halfWidth({ ciLow: low, ciHigh: high }) ?? 1) <= 0.02);
  });

  it("stops when it is precise, though no verdict can be given", () => {
    const judgement = judged(at(spreadRatios(14, Math.log(1.05), 0.01), 0.02));
    assert.deepEqual([judgement.stop, judgement.comparisons[0]?.verdict], [true, "worse"]);
    const between = judged(at(spreadRatios(14, 0.004, 0.03), 0.05));
    assert.equal(between.stop, true);
    assert.equal(between.look, 0);
  });

  it("spends the whole error, and no more, over all its looks", () => {
    const spent = precisionLooks.fractions.reduce((sum, fraction) => sum + fraction, 0);
    assert.ok(Math.abs(spent - 1) < 1e-12);
  });

  it("calls nothing worse or better in more than 1 % of runs each where arms are the same", () => {
    const runs = 250;
    let worse = 0;
    let better = 0;
    for (let seed = 0; seed < runs; seed++) {
      const outcomes = noisyTrials({ seed, blocks: 60, effect: 0, candidates: ["cand"], metrics: ["p50"] });
      const judgement = judgeSeries(
        question(outcomes, { plan, precision: 0.01 + (seed % 5) / 100, mode: "compare", ended: true }),
      );
      if (judgement.kind !== "judged") continue;
      if (judgement.comparisons[0]?.direction === "worse") worse++;
      if (judgement.comparisons[0]?.direction === "better") better++;
    }
    // 99.9 % of what a chance of 1 % gives in 250 runs.
    assert.ok(worse <= 8 && better <= 8, `${worse} worse, ${better} better of ${runs}`);
  });
});
