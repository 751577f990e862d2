/** The report of every command, over every document that the tests have, fits a screen and ends with what stays on it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderProbeReport } from "#wsrally/report/probe/probe-report.js";
import { renderTerminalReport } from "#wsrally/report/run/terminal-report.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { gateDocuments } from "./gate-documents.js";
import { makeFinding, makeProbe, mixedProbe } from "./probe-documents.js";
import { gone, makeRollout, quiet, rolloutDocument } from "./rollout-documents.js";
import {
  equivalentDocument,
  failuresDocument,
  inconclusiveDocument,
  interruptedDocument,
  makeCurve,
  matrixDocument,
  oneArmDocument,
  ratesDocument,
  stalledDocument,
  worseDocument,
} from "./run-documents.js";
import { makeCapacityDocument, makeSoakDocument, storm } from "./search-documents.js";

/** What a terminal has, less the lines that a command says before its report and after it. */
const rows = 34;

const policies = ["at-once", "fixed", "backoff"] as const;
const rollouts = [quiet, gone, {}].flatMap((changes, block) =>
  policies.flatMap((reconnect) =>
    ["nginx", "haproxy"].map((arm) => makeRollout({ ...changes, arm, reconnect, block })),
  ),
);

const documents: Readonly<Record<string, RunDocument>> = {
  equivalent: equivalentDocument,
  worse: worseDocument,
  inconclusive: inconclusiveDocument,
  failures: failuresDocument,
  interrupted: interruptedDocument,
  "one arm": oneArmDocument,
  matrix: matrixDocument,
  rates: ratesDocument,
  stalls: stalledDocument(),
  capacity: makeCapacityDocument(),
  "capacity with a storm": makeCapacityDocument({ storm }),
  soak: makeSoakDocument(),
  rollout: rolloutDocument([makeRollout()]),
  "many rollouts": rolloutDocument(rollouts),
  ...Object.fromEntries(Object.entries(gateDocuments).map(([name, document]) => [`gate, ${name}`, document])),
};

function render(document: RunDocument): string[] {
  const curves = document.arms.map(({ name }, i) => makeCurve(name, 121 + i, 1 + i * 0.2));
  return renderTerminalReport(document, { width: 80, colour: false, curves }).trimEnd().split("\n");
}

describe("what is printed after a command", () => {
  for (const [name, document] of Object.entries(documents)) {
    it(`fits a screen: ${name}`, () => {
      const lines = render(document);
      assert.ok(lines.length <= rows, `${lines.length} lines:\n${lines.join("\n")}`);
      assert.match(
        lines.join("\n"),
        /^More: wsrally report \S+ --full( \(\d+ warnings?\))?, and\s+report\.html$/m,
      );
    });
  }

  it("ends with a gate's outcome and its exit code", () => {
    assert.deepEqual(
      Object.entries(gateDocuments).map(([name, document]) => [name, render(document).at(-1)]),
      [
        ["passed", "PASSED (0)"],
        ["worse", "FAILED (20): 1 slowdown"],
        ["finding", "FAILED (20): 1 regression"],
        ["inconclusive", "INCONCLUSIVE (21): 1 open comparison"],
      ],
    );
  });

  for (const [name, findings, end] of [
    ["nothing", [], /^NO FAULT \(0\)$/],
    [
      "nine faults and nine warnings",
      (["fault", "warning"] as const).flatMap((status) =>
        Array.from({ length: 9 }, () =>
          makeFinding("path", status, {
            evidence: Array.from({ length: 9 }, () => "seen ".repeat(40)),
            cause: "because ".repeat(60),
            cure: "cure\ndirective one;\ndirective two;",
          }),
        ),
      ),
      /^FAULTS FOUND \(20\): path, path/,
    ],
  ] as const) {
    it(`fits a screen: a probe with ${name}`, () => {
      const text = renderProbeReport(makeProbe([...findings]), { width: 80, colour: false, detail: "usual" });
      const lines = text.trimEnd().split("\n");
      assert.ok(lines.length <= rows, `${lines.length} lines:\n${text}`);
      assert.match(lines.at(-1) ?? "", end);
    });
  }

  it("ends a probe with what it found and the exit code", () => {
    const text = renderProbeReport(mixedProbe, { width: 80, colour: false, detail: "usual" });
    assert.equal(text.trimEnd().split("\n").at(-1), "FAULT FOUND (20): upgrade-headers");
  });
});
