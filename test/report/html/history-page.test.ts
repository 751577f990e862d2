import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runHistory } from "#wsrally/judge/history/run-history.js";
import { renderHistoryPage } from "#wsrally/report/html/history-page.js";
import { historyArm, historyEntry, madeHistory } from "../../judge/made-history.js";

const history = runHistory({
  scenario: "site",
  entries: madeHistory(42, (run) => (run < 24 ? 0.02 : 0.1)),
  reference: null,
  metric: null,
});
const page = renderHistoryPage(history);

describe("renderHistoryPage()", () => {
  it("draws every run of every series, its level, and a line where a level starts", () => {
    assert.equal(history.series.length, 2);
    assert.equal(page.match(/<svg class="history"/g)?.length, 2);
    assert.equal(page.match(/<g class="run">/g)?.length, 84);
    assert.equal(page.match(/<line class="level"/g)?.length, 84);
    assert.equal(page.match(/<g class="yellow">/g)?.length, 1);
    assert.match(page, /▲ up \d\.\d %, from 1\.0\d\dx to 1\.\d+x, since [0-9a-f]+c* \(2026-01-27 09:30/);
  });

  it("has one h1 and headings that skip no level, and asks for nothing from outside", () => {
    const levels = [...page.matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
    assert.equal(levels.filter((level) => level === 1).length, 1);
    assert.ok(levels.every((level, i) => level <= (levels[i - 1] ?? 0) + 1));
    assert.doesNotMatch(page, /\b(?:src|href)="(?!#)|url\(|@import/);
    assert.equal(page, renderHistoryPage(history));
  });

  it("keeps every place a number, for one run and where all are the same", () => {
    const one = runHistory({ scenario: "site", entries: [historyEntry(0)], reference: null, metric: null });
    assert.doesNotMatch(renderHistoryPage(one), /NaN|Infinity|undefined/);
    assert.doesNotMatch(page, /NaN|Infinity|undefined/);
  });

  it("escapes what comes from an artifact", () => {
    const attack = `<script>alert(1)</script>"'\u001b[31m`;
    const entry = historyEntry(0, {
      arms: [historyArm("reference", { version: attack }), historyArm("site")],
      commit: { sha: "e".repeat(40), dirty: false, branch: attack },
    });
    const text = renderHistoryPage(
      runHistory({ scenario: "site", entries: [entry], reference: null, metric: null }),
    );
    assert.ok(!text.includes("<script>") && !text.includes("\u001b"));
  });
});
