/** What would settle a comparison, and who on the machine stood in its way. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gateNoise } from "#wsrally/judge/gate/gate-noise.js";
import { renderJunit } from "#wsrally/report/ci/junit-report.js";
import { renderMarkdown } from "#wsrally/report/ci/markdown-report.js";
import { createPaint } from "#wsrally/report/draw/paint.js";
import { gateReasons } from "#wsrally/report/gate/gate-reasons.js";
import { renderHtmlReport } from "#wsrally/report/html/render-html-report.js";
import { settlingAdvice } from "#wsrally/report/run/settling-advice.js";
import { renderVerdicts } from "#wsrally/report/run/verdict-section.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { makeStoredRun } from "../html/stored-runs.js";
import { makeArm, makeComparison, makeDocument, makeTrial } from "../run-documents.js";

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

  it("names what the trials are out for, and nothing that would not help, where most of them are", () => {
    const failure = {
      kind: "reset",
      side: "proxy",
      count: 42,
      example: "reset",
      cause: "fewer than 1/16 of worker_connections free",
      causeId: "connections-short",
    } as const;
    const codes = ["too-few-blocks", "lost-trials", "not-measured"];
    const comparisons = (["roundTrip.p50", "roundTrip.p99"] as const).map((metric) =>
      makeComparison({
        metric,
        verdict: "inconclusive",
        reasons: codes,
        blocks: 0,
        ratio: null,
        ciLow: null,
        ciHigh: null,
        smallestEffect: null,
        blocksForMargin: null,
      }),
    );
    const [first] = comparisons;
    assert.ok(first !== undefined);
    const disqualifiedBecause = ["sends-late", "connections-not-opened"];
    const trials = [0, 1].map((block) =>
      makeTrial(block, { failures: [failure], disqualified: true, disqualifiedBecause }),
    );
    const arms = [first.baseline, first.candidate].map((name) => makeArm(name, { trials }));
    const document = makeDocument({ arms, comparisons });
    const lost = "4 of 4 trials are out, for this: fewer than 1/16 of worker_connections free";
    assert.deepEqual(settlingAdvice(comparisons, document), [
      "fewer --connections, or more worker_connections",
    ]);
    const page = { width: 400, paint: createPaint({ colour: false }) };
    const [headline = ""] = renderVerdicts(document, page);
    assert.ok(headline.includes(`is inconclusive: ${lost}`), headline);
    const evidence = comparisons.map((comparison) => ({ kind: "inconclusive", comparison }) as const);
    const facts = { document, pairs: [], noise: gateNoise(document), failOn: "worse", budgetS: 60 } as const;
    const reasons = gateReasons({ outcome: "inconclusive", evidence }, facts);
    for (const text of [
      renderMarkdown(document, { report: "" }),
      renderHtmlReport(makeStoredRun(document)),
      renderJunit(document),
      reasons.join("; "),
    ]) {
      assert.match(text, /4 of 4 trials are out, for this: fewer than 1\/16 of worker\\?_connections free/);
      assert.doesNotMatch(text, /more blocks|too noisy/);
    }
  });
});
