import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judgeSeries } from "#wsrally/judge/series/judge-series.js";
import { assertNear } from "../stats/stats-vectors.js";
import { fourLooks, judged, question, spreadRatios, trialsFromRatios } from "./made-trials.js";

/** Too wide for any claim. */
const undecided = (blocks: number) => trialsFromRatios(spreadRatios(blocks, 0.03, 0.4));

describe("judgeSeries() looks", () => {
  const table: readonly {
    blocks: number;
    ended: boolean;
    expected: { kind: string; look?: number | null; share?: number; stop: boolean; nextLook?: number };
  }[] = [
    { blocks: 0, ended: false, expected: { kind: "waiting", stop: false, nextLook: 14 } },
    { blocks: 13, ended: false, expected: { kind: "waiting", stop: false, nextLook: 14 } },
    { blocks: 14, ended: false, expected: { kind: "judged", look: 0, share: 0.15, stop: false } },
    { blocks: 15, ended: false, expected: { kind: "waiting", stop: false, nextLook: 24 } },
    { blocks: 24, ended: false, expected: { kind: "judged", look: 1, share: 0.15, stop: false } },
    { blocks: 40, ended: false, expected: { kind: "judged", look: 2, share: 0.25, stop: false } },
    { blocks: 60, ended: false, expected: { kind: "judged", look: 3, share: 0.45, stop: true } },
    { blocks: 70, ended: false, expected: { kind: "judged", look: 3, share: 0.45, stop: true } },
    { blocks: 0, ended: true, expected: { kind: "judged", look: null, share: 1, stop: true } },
    { blocks: 7, ended: true, expected: { kind: "judged", look: null, share: 1, stop: true } },
    { blocks: 8, ended: true, expected: { kind: "judged", look: 0, share: 1, stop: true } },
    { blocks: 14, ended: true, expected: { kind: "judged", look: 0, share: 1, stop: true } },
    { blocks: 15, ended: true, expected: { kind: "judged", look: 1, share: 0.85, stop: true } },
    { blocks: 24, ended: true, expected: { kind: "judged", look: 1, share: 0.85, stop: true } },
    { blocks: 33, ended: true, expected: { kind: "judged", look: 2, share: 0.7, stop: true } },
    { blocks: 59, ended: true, expected: { kind: "judged", look: 3, share: 0.45, stop: true } },
    { blocks: 60, ended: true, expected: { kind: "judged", look: 3, share: 0.45, stop: true } },
    { blocks: 70, ended: true, expected: { kind: "judged", look: 3, share: 0.45, stop: true } },
  ];
  for (const { blocks, ended, expected } of table) {
    it(`with ${blocks} undecided blocks, ${ended ? "ended" : "running"}: ${JSON.stringify(expected)}`, () => {
      const judgement = judgeSeries(
        question(
          undecided(70).filter(({ block }) => block < blocks),
          { ended },
        ),
      );
      assert.equal(judgement.kind, expected.kind);
      assert.equal(judgement.stop, expected.stop);
      if (judgement.kind === "waiting") {
        assert.equal(judgement.nextLook, expected.nextLook);
        return;
      }
      assert.equal(judgement.look, expected.look);
      assert.equal(judgement.blocks, Math.min(blocks, 60));
      assertNear(judgement.familyLevel, 0.01 * (expected.share ?? 0), 1e-12, "family level");
      assertNear(judgement.equivalenceLevel, 0.05 * (expected.share ?? 0), 1e-12, "equivalence level");
    });
  }

  it("spends what a plan gives equivalence of its own, and what is left of it when the blocks run out", () => {
    const plan = { ...fourLooks, fractionsEq: [0.5, 0.25, 0.15, 0.1] };
    const levels = [
      { blocks: 14, ended: false },
      { blocks: 40, ended: false },
      { blocks: 30, ended: true },
    ].map(({ blocks, ended }) => {
      const seen = undecided(70).filter(({ block }) => block < blocks);
      const { familyLevel, equivalenceLevel } = judged(judgeSeries(question(seen, { plan, ended })));
      return [familyLevel / 0.01, equivalenceLevel / 0.05].map((share) => Math.round(share * 1e9) / 1e9);
    });
    assert.deepEqual(levels, [
      [0.15, 0.5],
      [0.25, 0.15],
      [0.7, 0.25],
    ]);
  });

  it("does not use blocks beyond the look that decided", () => {
    const worse = trialsFromRatios([...spreadRatios(14, 0.1, 0.05), ...spreadRatios(46, -0.5, 0.05)]);
    const atLook = judged(judgeSeries(question(worse.filter(({ block }) => block < 14))));
    assert.equal(atLook.comparisons[0]?.verdict, "worse");
    assert.deepEqual(judgeSeries(question(worse)), atLook);
    assert.deepEqual(judgeSeries(question(worse, { ended: true })), atLook);
  });

  it("reads on between looks, without any verdict", () => {
    const judgement = judgeSeries(question(trialsFromRatios([0.1, 0.2, 0.3]), { otherMetrics: ["p90"] }));
    assert.equal(judgement.kind, "waiting");
    if (judgement.kind !== "waiting") return;
    const [p50, p90] = judgement.readings;
    assertNear(p50?.estimate ?? null, 0.2, 1e-12, "estimate");
    assert.deepEqual({ n: p50?.n, ci95: p50?.ci95 }, { n: 3, ci95: { low: null, high: null } });
    assert.deepEqual(
      { n: p90?.n, estimate: p90?.estimate, ratio: p90?.ratio },
      { n: 0, estimate: null, ratio: null },
    );
  });
});
