import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runHistory } from "#wsrally/judge/history/run-history.js";
import { createPaint } from "#wsrally/report/draw/paint.js";
import { displayWidth } from "#wsrally/report/draw/plain-text.js";
import { drawHistoryChart } from "#wsrally/report/history/history-chart.js";
import { renderHistory } from "#wsrally/report/history/history-section.js";
import { historyArm, historyEntry, madeHistory } from "../judge/made-history.js";
import { assertGolden } from "./golden.js";

const otherReference = [historyArm("reference", { configSha256: "ff" }), historyArm("site")];
const entries = madeHistory(42, (run) => (run < 24 ? 0.02 : 0.1)).map((entry, run) =>
  run < 3 ? { ...entry, arms: otherReference } : entry,
);
const history = runHistory({ scenario: "site", entries, reference: null, metric: null });
const usual = { colour: false, unicode: true, detail: "usual" } as const;

describe("renderHistory()", () => {
  for (const width of [80, 120]) {
    it(`reads as it did when somebody last found it good, at ${width} columns`, () => {
      assertGolden(`history-${width}`, renderHistory(history, { ...usual, width }));
    });
  }

  it("keeps to the width, however many runs there are and whatever they are called", () => {
    const branch = "feature/\u001b[31m-with-a-name-that-no-terminal-has-the-room-for";
    for (const runs of [1, 2, 11, 300]) {
      const many = Array.from({ length: runs }, (_, run) =>
        historyEntry(run, { commit: { sha: "e".repeat(40), dirty: true, branch } }),
      );
      const asked = runHistory({ scenario: "site", entries: many, reference: null, metric: null });
      for (const width of [60, 80]) {
        for (const detail of ["usual", "full"] as const) {
          const text = renderHistory(asked, { ...usual, width, detail });
          for (const line of text.split("\n")) assert.ok(displayWidth(line) <= width, line);
          assert.ok(!text.includes("\u001b"));
        }
      }
    }
  });

  it("says how many runs a change needs", () => {
    const few = runHistory({ scenario: "site", entries: entries.slice(-4), reference: null, metric: null });
    assert.match(
      renderHistory(few, { ...usual, width: 100 }),
      /over 4 runs: too few runs for a change to be told: want 10/,
    );
  });
});

describe("drawHistoryChart()", () => {
  const column = { ratio: 1, low: null, high: null, level: 1, startsLevel: false };

  it("places ratio, interval, level and mark", () => {
    const columns = [column, { ...column, ratio: 1.1, low: 1.05, high: 1.15, level: 1.1, startsLevel: true }];
    const rows = drawHistoryChart({ columns, height: 4, columnWidth: 2 }, createPaint({ colour: false }));
    assert.deepEqual(
      rows.map((row) => row.trimEnd()),
      [" 1.150x┤   │", " 1.111x┤  ┄●", " 1.072x┤   │", " 1.036x┤   │", " 1.000x┤┄●", "           ▲"],
    );
  });

  it("cuts a wild interval off rather than squash the ratios", () => {
    const wild = { ...column, ratio: 1.01, low: 0.2, high: 5 };
    const rows = drawHistoryChart(
      { columns: [column, wild], height: 6, columnWidth: 1 },
      createPaint({ colour: false }),
    );
    assert.match(rows[0] ?? "", /^ +1\.04\dx┤ │$/);
  });
});
