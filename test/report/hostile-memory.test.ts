/**
 * What lies beside runs as a stranger may have made it, in every text of it: histories, baselines, probes, and runs set
 * side by side. Nothing of it reaches a terminal but as text, nor a page as markup.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { linkRuns } from "#wsrally/judge/history/link-runs.js";
import { runHistory } from "#wsrally/judge/history/run-history.js";
import { toBaseline } from "#wsrally/judge/history/to-baseline.js";
import { planFromBaseline } from "#wsrally/judge/series/plan-from-baseline.js";
import { renderBaseline, renderBaselines } from "#wsrally/report/history/baseline-report.js";
import { renderHistoryList } from "#wsrally/report/history/history-list.js";
import { renderHistory } from "#wsrally/report/history/history-section.js";
import { renderLinkReport } from "#wsrally/report/history/link-report.js";
import { renderHistoryPage } from "#wsrally/report/html/history-page.js";
import { renderProbeReport } from "#wsrally/report/probe/probe-report.js";
import { baselineSchema } from "#wsrally/results/baseline-schema.js";
import { type HistoryDocument, historyDocumentSchema } from "#wsrally/results/history-document.js";
import { type ProbeDocument, probeDocumentSchema } from "#wsrally/results/probe-document.js";
import { runDocumentSchema } from "#wsrally/results/run-document.js";
import { historyArm, historyEntry, madeHistory } from "../judge/made-history.js";
import { fc } from "../support/seeded-fast-check.js";
import { hostileVersions, htmlShape, textPaths, unprintable } from "./hostile-texts.js";
import { equivalentDocument, worseDocument } from "./run-documents.js";

const runs = { numRuns: Number(process.env.FC_RUNS ?? 40), includeErrorInReport: true };
const page = { width: 100, colour: false, unicode: true };

function isPlain(text: string): void {
  assert.doesNotMatch(text.replaceAll("\n", ""), unprintable);
}

const moved = madeHistory(42, (run) => (run < 24 ? 0.02 : 0.1));
const histories: readonly HistoryDocument[] = [
  moved,
  moved.map((entry, run) =>
    run < 3 ? { ...entry, arms: [historyArm("reference", { version: "0" }), historyArm("site")] } : entry,
  ),
  [historyEntry(0)],
].map((entries) => ({
  ...runHistory({ scenario: "site", entries, reference: null, metric: null }),
  warnings: [{ code: "unreadable", message: "Left out: a file" }],
}));

const probe: ProbeDocument = {
  schemaVersion: 1,
  tool: { name: "wsrally", version: "0.1.0" },
  runId: "a-probe",
  startedAt: "2026-01-31T12:00:00.000Z",
  finishedAt: "2026-01-31T12:00:04.000Z",
  environment: equivalentDocument.environment,
  arm: {
    name: "nginx-site",
    arm: "nginx:site.conf",
    set: {},
    path: "/sock",
    proxy: { kind: "nginx", version: "1.31.3", configSha256: "0", build: null, changes: ["listen"] },
  },
  options: { quick: false, idle: false },
  findings: (["fault", "warning", "ok", "not-tested"] as const).map((status, i) => ({
    id: (["upgrade-headers", "header-host", "path", "idle-timeout"] as const)[i] ?? "path",
    status,
    side: "proxy",
    title: `title ${status}`,
    evidence: [`evidence ${status}`],
    cause: `cause ${status}`,
    cure: `cure ${status}:\nto paste`,
  })),
};

describe("what lies beside runs, when every text of it is out to harm", () => {
  it("is a history that is text on a terminal and in a page", () => {
    assert.ok(textPaths(histories[0] as HistoryDocument, historyDocumentSchema).length > 50);
    fc.assert(
      fc.property(hostileVersions(histories, historyDocumentSchema), ({ document, clean }) => {
        for (const detail of ["usual", "full"] as const)
          isPlain(renderHistory(document, { ...page, detail }));
        const written = renderHistoryPage(document);
        assert.doesNotMatch(written.replaceAll(/[\n\t]/g, ""), unprintable);
        const shapes = new Set(htmlShape(renderHistoryPage(clean)));
        for (const shape of htmlShape(written)) assert.ok(shapes.has(shape), shape);
        isPlain(renderHistoryList([{ scenario: document.scenario, runs: 1, newest: null }], page));
      }),
      runs,
    );
  });

  it("is a baseline that is text", () => {
    const baseline = toBaseline(worseDocument, "plain");
    fc.assert(
      fc.property(hostileVersions([baseline], baselineSchema), ({ document }) => {
        const placed = { baseline: document, otherMachine: document.machine.cpuModel };
        isPlain(renderBaselines([placed], [document.scenario], page));
        isPlain(renderBaseline(placed, planFromBaseline(document), page));
      }),
      runs,
    );
  });

  it("is a probe that is text", () => {
    fc.assert(
      fc.property(hostileVersions([probe], probeDocumentSchema), ({ document }) => {
        isPlain(renderProbeReport(document, { width: 80, colour: false, detail: "full" }));
      }),
      runs,
    );
  });

  it("is a run beside another that is text", () => {
    const documents = [worseDocument, equivalentDocument];
    fc.assert(
      fc.property(hostileVersions(documents, runDocumentSchema), ({ document }) => {
        for (const other of [document, ...documents]) {
          const outcome = linkRuns(document, other);
          isPlain(renderLinkReport({ first: document, others: [{ document: other, outcome }] }, page));
        }
      }),
      runs,
    );
  });
});
