import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderTerminalReport } from "#wsrally/report/run/terminal-report.js";
import { gateDocuments, gated, gatePair } from "../gate-documents.js";
import { assertGolden } from "../golden.js";
import { makeComparison, makeDocument } from "../run-documents.js";

describe("the gate's report", () => {
  for (const [name, document] of Object.entries(gateDocuments)) {
    it(`is as somebody found it good: ${name}`, () => {
      const page = { width: 80, colour: false };
      assertGolden(`gate-${name}-80`, renderTerminalReport(document, page));
      const full = renderTerminalReport(document, { ...page, detail: "full" });
      const end = full.indexOf("\n\n", full.indexOf("of the budget of"));
      assertGolden(`gate-${name}-full-80`, `${full.slice(0, end)}\n`);
    });
  }

  it("lets no control character of a config through", () => {
    const report = renderTerminalReport(gateDocuments.passed ?? makeDocument(), { width: 80, colour: false });
    assert.equal(report.includes("\u001b"), false);
  });

  it("says of stalls that it cannot tell, with their interval and no slowdown that it would have shown", () => {
    const none = { ratio: null, ciLow: null, ciHigh: null, smallestEffect: null };
    const difference = { difference: 0.5, differenceLow: -0.5, differenceHigh: 2 };
    const stalls = { ...none, ...difference, metric: "stallsPerS", margin: 0.5 } as const;
    const reasonsOf = (changes: object) => {
      const comparisons = [makeComparison({ ...stalls, verdict: "inconclusive", ...changes })];
      return gated(makeDocument({ comparisons }), [gatePair], null).gate?.reasons;
    };
    assert.deepEqual(reasonsOf({})?.slice(0, 1), [
      "stalls of off are +0.5/s (-0.5 to +2) beside on: can't tell",
    ]);
    assert.match(
      reasonsOf({ differenceLow: null, differenceHigh: null })?.[0] ?? "",
      /: can't tell; no interval$/,
    );
  });

  it("says what a noisy machine kept it from seeing", () => {
    const [first = ""] = gateDocuments.inconclusive?.gate?.reasons ?? [];
    assert.match(
      first,
      /^too noisy to judge: .*p50 ±9 %.*hypervisor took 12 % of a processor \(40 % at worst\).*4 of 28 trials out/,
    );
    assert.match(
      gateDocuments.inconclusive?.gate?.reasons[1] ?? "",
      /smallest slowdown that 14 blocks would have shown is 12 %/,
    );
  });
});
