import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPrng, shuffled } from "#wsrally/base/prng.js";
import { gateOutcome } from "#wsrally/judge/gate/gate-outcome.js";
import { defaultDecisionPlan } from "#wsrally/judge/series/decision-plan.js";
import { judgeSeries } from "#wsrally/judge/series/judge-series.js";
import type { SeriesQuestion } from "#wsrally/judge/series/series-judgement.js";
import { metricValue } from "#wsrally/judge/trial-outcome.js";
import { assertNear } from "../../stats/stats-vectors.js";
import { fc } from "../../support/seeded-fast-check.js";
import { judged, noisyTrials, question, spreadRatios, trialsFromRatios } from "../made-trials.js";

const gateMetrics = ["p50", "p99", "cpuUsPerMessage"];
/** Too wide for any claim. */
const undecided = (blocks: number) => trialsFromRatios(spreadRatios(blocks, 0.03, 0.4));

describe("judgeSeries() as a whole", () => {
  it("mirrors every verdict when the arms are swapped", () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(-0.06, 0, 0.02, 0.08), (seed, effect) => {
        const outcomes = noisyTrials({ seed, blocks: 40, effect, candidates: ["cand"], metrics: ["p50"] });
        const forth = judged(judgeSeries(question(outcomes, { mode: "compare", ended: true })));
        const swapped = { baseline: "cand", candidates: ["base"], mode: "compare", ended: true } as const;
        const back = judged(judgeSeries(question(outcomes, swapped)));
        const [a, b] = [forth.comparisons[0], back.comparisons[0]];
        assert.ok(a && b);
        assert.equal(forth.blocks, back.blocks);
        assertNear(b.estimate, -(a.estimate ?? Number.NaN), 1e-12, "estimate");
        assertNear(b.pBetter, a.pWorse, 1e-12, "p");
        assertNear(b.decision.high, a.decision.low && -a.decision.low, 1e-12, "decision bound");
        const mirror: Record<string, string> = { worse: "better", better: "worse" };
        assert.equal(b.verdict, mirror[a.verdict] ?? a.verdict);
      }),
      { numRuns: 40 },
    );
  });

  it("does not mind the order of the trials, nor the unit of the values", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const run = { seed, blocks: 30, effect: 0.03, candidates: ["cand", "other"], metrics: ["p50"] };
        const outcomes = noisyTrials(run);
        const asked = question(outcomes, { candidates: run.candidates, ended: true });
        // A power of two leaves every ratio as it is, to the bit.
        const changed = shuffled(outcomes, createPrng(seed)).map((outcome) => ({
          ...outcome,
          metrics: { p50: (metricValue(outcome, "p50") ?? 0) * 1024 },
        }));
        assert.deepEqual(judgeSeries({ ...asked, outcomes: changed }), judgeSeries(asked));
      }),
      { numRuns: 20 },
    );
  });

  it("fails at most a few of 300 gates between equal arms", () => {
    let failed = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const outcomes = noisyTrials({
        seed,
        blocks: 60,
        effect: 0,
        candidates: ["cand"],
        metrics: gateMetrics,
      });
      const { comparisons } = judged(judgeSeries(question(outcomes, { metrics: gateMetrics })));
      if (gateOutcome(comparisons, []).outcome === "failed") failed++;
    }
    // Binomial 99 % at 1 %: 8 of 300. The seeds are fixed, so this cannot flicker.
    assert.ok(failed <= 8, `${failed} failed`);
  });

  it("takes for twice the blocks at most what their pairs come to, and no more", () => {
    const cpuUs = (blocks: number): number => {
      const outcomes = undecided(blocks).map((outcome, i) => ({
        ...outcome,
        metrics: Object.fromEntries(
          gateMetrics.map((metric) => [metric, (metricValue(outcome, "p50") ?? 0) * (1 + (i % 7) / 9)]),
        ),
      }));
      const times = Array.from({ length: 7 }, () => {
        const before = process.cpuUsage();
        judgeSeries(question(outcomes, { metrics: gateMetrics }));
        const { user, system } = process.cpuUsage(before);
        return user + system;
      });
      return Math.min(...times);
    };
    cpuUs(60);
    // Pairs of blocks, sorted: 4.4 times as many. A third power would be 8.
    const [once, twice] = [cpuUs(60), cpuUs(120)];
    assert.ok(twice < 7 * once, `${once} us for 60 blocks, ${twice} us for 120`);
  });

  const sad: readonly { name: string; changes: Partial<SeriesQuestion>; message: RegExp }[] = [
    { name: "no candidate", changes: { candidates: [] }, message: /candidate/ },
    { name: "the baseline as candidate", changes: { candidates: ["base"] }, message: /different names/ },
    { name: "a candidate twice", changes: { candidates: ["cand", "cand"] }, message: /different names/ },
    { name: "no metric", changes: { metrics: [] }, message: /metric/ },
    { name: "a metric twice", changes: { metrics: ["p50", "p50"] }, message: /metrics/ },
    { name: "a faulty plan", changes: { plan: { ...defaultDecisionPlan, alpha: 0 } }, message: /alpha/ },
  ];
  for (const { name, changes, message } of sad) {
    it(`refuses ${name}`, () => {
      assert.throws(() => judgeSeries(question(undecided(14), changes)), { name: "RangeError", message });
    });
  }

  it("refuses two trials of an arm in one block", () => {
    const outcomes = undecided(14);
    assert.throws(() => judgeSeries(question([...outcomes, ...outcomes.slice(0, 1)])), /block 0: arm "base"/);
  });
});
