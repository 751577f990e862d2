import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { finishedBlocks, upToComplete } from "#wsrally/judge/series/finished-blocks.js";
import { judgeSeries } from "#wsrally/judge/series/judge-series.js";
import { areTooMany } from "#wsrally/judge/series/losses.js";
import type { TrialOutcome } from "#wsrally/judge/trial-outcome.js";
import { changeBlock, judged, question, spreadRatios, trialsFromRatios } from "../made-trials.js";

/** Ten per cent worse beyond doubt, were it not for the losses. */
const clearlyWorse = (blocks: number) => trialsFromRatios(spreadRatios(blocks, 0.1, 0.05));

function lose(
  outcomes: readonly TrialOutcome[],
  losses: readonly (readonly [block: number, arm: string])[],
): TrialOutcome[] {
  return losses.reduce<TrialOutcome[]>(
    (trials, [block, arm]) => changeBlock(trials, { block, arm }, { usable: false }),
    [...outcomes],
  );
}

describe("finishedBlocks()", () => {
  const arms = ["base", "cand"];
  const states = (outcomes: readonly TrialOutcome[]) =>
    finishedBlocks(outcomes, arms).map(({ block, lostBy }) => [block, ...lostBy]);

  it("leaves out the last block while a trial is to come", () => {
    assert.deepEqual(states(clearlyWorse(2).slice(0, 3)), [[0]]);
    assert.deepEqual(states([]), []);
  });
  it("has a block lost as soon as one trial is, without the rest of it", () => {
    const outcomes = lose(clearlyWorse(2), [[1, "base"]]);
    assert.deepEqual(states(outcomes.slice(0, 3)), [[0], [1, "base"]]);
    assert.deepEqual(states(outcomes), [[0], [1, "base"]]);
  });
  it("has an earlier block lost by the arm whose trial is missing", () => {
    assert.deepEqual(states(clearlyWorse(2).slice(1)), [[0, "base"], [1]]);
  });
  it("sorts by block and ignores arms that are not compared", () => {
    const floor = { block: 0, arm: "direct", usable: false, metrics: {} };
    assert.deepEqual(states([...clearlyWorse(3).reverse(), floor]), [[0], [1], [2]]);
  });
});

describe("upToComplete()", () => {
  it("counts complete blocks and keeps the lost ones between", () => {
    const blocks = finishedBlocks(
      lose(clearlyWorse(5), [
        [1, "cand"],
        [3, "base"],
      ]),
      ["base", "cand"],
    );
    assert.deepEqual(
      upToComplete(blocks, 2).map(({ block }) => block),
      [0, 1, 2],
    );
    assert.equal(upToComplete(blocks, 3).length, 5);
    assert.equal(upToComplete(blocks, 9).length, 5);
  });
});

describe("areTooMany()", () => {
  const table: readonly { tally: readonly [number, number, number, number]; tooMany: boolean }[] = [
    { tally: [0, 0, 0, 0], tooMany: false },
    { tally: [60, 6, 3, 3], tooMany: false },
    { tally: [60, 7, 4, 3], tooMany: true },
    { tally: [60, 4, 0, 4], tooMany: false },
    { tally: [60, 5, 0, 5], tooMany: true },
    { tally: [60, 5, 5, 0], tooMany: true },
    { tally: [60, 6, 1, 5], tooMany: false },
    // Lost by a third arm, or by both: they count, and take no side.
    { tally: [60, 6, 0, 0], tooMany: false },
    { tally: [60, 7, 0, 0], tooMany: true },
  ];
  for (const {
    tally: [blocks, lost, byBaseline, byCandidate],
    tooMany,
  } of table) {
    it(`${tooMany ? "finds" : "does not find"} ${lost} of ${blocks} too many (${byBaseline} to ${byCandidate})`, () => {
      assert.equal(areTooMany({ blocks, lost, byBaseline, byCandidate }), tooMany);
    });
  }
});

describe("judgeSeries() with lost trials", () => {
  it("counts complete blocks only, and reports the lost", () => {
    const outcomes = lose(clearlyWorse(15), [[4, "cand"]]);
    const judgement = judged(judgeSeries(question(outcomes)));
    assert.deepEqual([judgement.blocks, judgement.lostBlocks], [14, 1]);
    assert.equal(judgement.comparisons[0]?.verdict, "worse");
    assert.equal(judgeSeries(question(outcomes.slice(0, 28))).kind, "waiting");
  });

  it("has no verdict with more than 10 % of the blocks out, and goes on", () => {
    const outcomes = lose(clearlyWorse(27), [
      [4, "cand"],
      [5, "base"],
    ]);
    const first = judged(judgeSeries(question(outcomes.slice(0, 32))));
    assert.deepEqual([first.look, first.stop, first.reasons], [0, false, ["lost-trials"]]);
    assert.equal(first.comparisons[0]?.adjustedWorse, 1);
    const second = judged(judgeSeries(question(outcomes)));
    assert.deepEqual([second.look, second.stop, second.reasons], [1, true, []]);
  });

  it("has no verdict when one side lost them", () => {
    const blocks = [2, 12, 22, 32, 42];
    const onOneSide = lose(
      clearlyWorse(59),
      blocks.map((block) => [block, "cand"] as const),
    );
    const onBoth = lose(
      clearlyWorse(59),
      blocks.map((block, i) => [block, i % 2 ? "cand" : "base"] as const),
    );
    const only = {
      plan: { ...question([]).plan, looks: [60], fractions: [1], fractionsEq: [1] },
      ended: true,
    };
    assert.deepEqual(judged(judgeSeries(question(onOneSide, only))).reasons, ["lost-trials"]);
    assert.deepEqual(judged(judgeSeries(question(onBoth, only))).reasons, []);
  });

  it("counts lost blocks after the last complete one when the run has ended", () => {
    const outcomes = lose(clearlyWorse(14), [
      [12, "cand"],
      [13, "base"],
    ]);
    const judgement = judged(judgeSeries(question(outcomes, { ended: true })));
    assert.deepEqual([judgement.blocks, judgement.lostBlocks, judgement.reasons], [12, 2, ["lost-trials"]]);
  });

  it("gives both reasons when hardly a block is left", () => {
    const everyCandidate = clearlyWorse(20).map((outcome) => ({
      ...outcome,
      usable: outcome.arm === "base",
    }));
    const { reasons, comparisons } = judged(judgeSeries(question(everyCandidate, { ended: true })));
    assert.deepEqual(reasons, ["too-few-blocks", "lost-trials"]);
    assert.equal(comparisons[0]?.estimate, null);
  });
});

describe("judgeSeries() with values missing", () => {
  const withP99 = (outcomes: readonly TrialOutcome[], p99: (block: number, arm: string) => number | null) =>
    outcomes.map((outcome) => ({
      ...outcome,
      metrics: { ...outcome.metrics, p99: p99(outcome.block, outcome.arm) },
    }));
  const metrics = ["p50", "p99"];

  it("drops the block for that metric alone", () => {
    const outcomes = withP99(clearlyWorse(14), (block, arm) =>
      block === 3 && arm === "cand" ? null : 100 + block,
    );
    const { comparisons } = judged(judgeSeries(question(outcomes, { metrics })));
    assert.deepEqual(
      comparisons.map(({ n }) => n),
      [14, 13],
    );
    assert.deepEqual(comparisons[1]?.reasons, []);
  });

  it("says not-measured of a metric that has no value", () => {
    const outcomes = withP99(clearlyWorse(14), () => null);
    const { comparisons } = judged(judgeSeries(question(outcomes, { metrics })));
    assert.deepEqual(
      comparisons.map(({ reasons }) => reasons),
      [[], ["not-measured"]],
    );
    const [, p99] = comparisons;
    assert.deepEqual([p99?.verdict, p99?.n, p99?.estimate, p99?.mde80], ["inconclusive", 0, null, null]);
    // It keeps its place in the family: p50 is still tested at half the level.
    assert.equal(comparisons[0]?.levelWorse, 0.0015 / 2);
  });

  describe("and the stopping rule", () => {
    const equal = () => trialsFromRatios(spreadRatios(14, 0, 0.02));
    const noCandidateValue = (_: number, arm: string) => (arm === "cand" ? null : 100);

    for (const mode of ["compare", "gate"] as const) {
      it(`does not wait in a ${mode} for a metric that an arm never has`, () => {
        const judgement = judged(
          judgeSeries(question(withP99(equal(), noCandidateValue), { metrics, mode })),
        );
        assert.deepEqual([judgement.look, judgement.stop], [0, true]);
        assert.deepEqual(
          judgement.comparisons.map(({ verdict, reasons }) => [verdict, reasons]),
          [
            ["equivalent", []],
            ["inconclusive", ["not-measured"]],
          ],
        );
      });
    }

    it("does not wait for it with a precision either", () => {
      const outcomes = withP99(equal(), noCandidateValue);
      const judgement = judged(
        judgeSeries(question(outcomes, { metrics, mode: "compare", precision: 0.05 })),
      );
      assert.equal(judgement.stop, true);
      const tooWide = withP99(trialsFromRatios(spreadRatios(14, 0, 0.4)), noCandidateValue);
      assert.equal(
        judged(judgeSeries(question(tooWide, { metrics, mode: "compare", precision: 0.05 }))).stop,
        false,
      );
    });

    it("waits for the metrics that are measured, and for one that some block has", () => {
      const undecided = withP99(trialsFromRatios(spreadRatios(14, 0.03, 0.4)), noCandidateValue);
      assert.equal(judged(judgeSeries(question(undecided, { metrics }))).stop, false);
      const onceMeasured = withP99(equal(), (block, arm) => (block > 0 && arm === "cand" ? null : 100));
      assert.equal(judged(judgeSeries(question(onceMeasured, { metrics }))).stop, false);
    });
  });

  const unusableValues = [0, -1, Number.NaN, Number.POSITIVE_INFINITY];
  for (const value of unusableValues) {
    it(`treats ${value} as not measured`, () => {
      const outcomes = withP99(clearlyWorse(14), (_, arm) => (arm === "cand" ? value : 100));
      assert.deepEqual(judged(judgeSeries(question(outcomes, { metrics }))).reasons, ["not-measured"]);
    });
  }

  it("says missing-values when they are too many or one-sided, and too-few-blocks when few are left", () => {
    const twoOut = withP99(clearlyWorse(14), (block, arm) => (block < 2 && arm === "cand" ? null : 100));
    assert.deepEqual(judged(judgeSeries(question(twoOut, { metrics }))).reasons, ["missing-values"]);
    const sevenOut = withP99(clearlyWorse(14), (block) => (block < 7 ? null : 100));
    assert.deepEqual(judged(judgeSeries(question(sevenOut, { metrics }))).reasons, [
      "too-few-blocks",
      "missing-values",
    ]);
  });
});
