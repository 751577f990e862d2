/** What would settle a comparison, and who on the machine stood in its way. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { settlingAdvice } from "#wsrally/report/settling-advice.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { makeArm, makeComparison, makeDocument, makeTrial } from "./run-documents.js";

type Generator = RunDocument["arms"][number]["trials"][number]["generator"];

function adviceWith(generator: Partial<Generator>): readonly string[] {
  const comparison = makeComparison({
    verdict: "inconclusive",
    reasons: [],
    blocks: 14,
    blocksForMargin: 30,
  });
  const trials = [0, 1, 2].map((block) => {
    const usual = makeTrial(block);
    return { ...usual, generator: { ...usual.generator, ...generator } };
  });
  const arms = [comparison.baseline, comparison.candidate].map((name) => makeArm(name, { trials }));
  return settlingAdvice([comparison], makeDocument({ arms, comparisons: [comparison] }));
}

describe("settlingAdvice()", () => {
  for (const [what, generator, neighbours] of [
    ["nobody else was at work", {}, null],
    [
      "other programs were at work",
      { stealShare: 0.1, otherShare: 0.2 },
      "fewer neighbours on the machine: in the median trial the hypervisor took 10 % of a processor and other programs 20 %",
    ],
    [
      "sends came late",
      { reasons: ["sends-late"], healthy: false },
      "fewer neighbours on the machine: sends came late in 6 of 6 trials",
    ],
    [
      "sends came late beside other programs",
      { stealShare: 0, otherShare: 0.2, reasons: ["sends-late"], healthy: false },
      "fewer neighbours on the machine: in the median trial the hypervisor took 0 % of a processor and other programs 20 %; sends came late in 6 of 6 trials",
    ],
  ] as const) {
    it(`speaks of neighbours once where ${what}`, () => {
      const advice = adviceWith({
        ...generator,
        reasons: [...("reasons" in generator ? generator.reasons : [])],
      });
      assert.equal(advice.join(" ").match(/fewer neighbours/g)?.length, 1, advice.join("\n"));
      assert.match(advice[0] ?? "", /^about 30 blocks instead of 14/);
      assert.equal(advice[1] ?? null, neighbours);
    });
  }

  it("asks for less load, and nothing of neighbours, where the generator was at its limit", () => {
    const advice = adviceWith({ reasons: ["generator-saturated", "sends-late"], healthy: false });
    assert.equal(advice[1], "a lower load (--rate), for the generator was at its limit in 6 of 6 trials");
    assert.equal(advice.length, 2);
  });
});
