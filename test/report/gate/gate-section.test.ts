import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderTerminalReport } from "#wsrally/report/run/terminal-report.js";
import { gateDocuments } from "../gate-documents.js";
import { assertGolden } from "../golden.js";
import { makeDocument } from "../run-documents.js";

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
