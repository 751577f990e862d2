import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderTerminalReport } from "#wsrally/report/run/terminal-report.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { makeArm, makeComparison, makeDocument, stalledDocument } from "../run-documents.js";

function documentOf(candidates: readonly string[]): RunDocument {
  return makeDocument({
    arms: ["nginx", ...candidates].map((name) => makeArm(name)),
    comparisons: candidates.map((candidate) => makeComparison({ baseline: "nginx", candidate })),
  });
}

function screenOf(document: RunDocument, width: number): string {
  return renderTerminalReport(document, { width, colour: false });
}

describe("a screen of stalls alone", () => {
  it("draws no scale, for a difference has no place on one", () => {
    const document = stalledDocument();
    const stalls = document.comparisons.filter(({ metric }) => metric === "stallsPerS");
    const alone = { ...document, comparisons: stalls, readings: [] };
    const [all, some] = [document, alone].map((one) =>
      renderTerminalReport(one, { width: 100, colour: false }),
    );
    assert.match(all ?? "", /goes on beyond/);
    assert.match(some ?? "", /\n {2}stalls +0\/s +0 to \+0\.5 +0\.5\/s +\w+ *\n/);
    assert.doesNotMatch(some ?? "", /goes on beyond|margin +verdict +\d/);
  });
});

describe("a screen with many candidates", () => {
  const others = ["haproxy", "caddy", "envoy", "traefik", "apache"];
  for (const width of [80, 120]) {
    it(`has a row for each of them at ${width} columns, and draws two`, () => {
      const many = screenOf(documentOf(others), width);
      for (const name of others) assert.match(many, new RegExp(`\\n  ${name} / nginx +\\S+x \\w+`));
      assert.doesNotMatch(many, /Comparison: /);
      assert.match(screenOf(documentOf(others.slice(0, 2)), width), /Comparison: caddy \/ nginx/);
    });
  }
});
