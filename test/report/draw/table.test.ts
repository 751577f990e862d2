import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPaint } from "#wsrally/report/draw/paint.js";
import { renderTable } from "#wsrally/report/draw/table.js";
import type { Table } from "#wsrally/report/draw/table-model.js";

const paint = createPaint({ colour: false });
const table: Table = {
  columns: [
    { title: "arm", align: "left" },
    { title: "count", align: "right", keep: 2 },
    { title: "side", align: "left", keep: 1 },
    { title: "example", align: "left", flexible: true },
  ],
  rows: [
    { cells: ["on", "1,000", "proxy", "short"], notes: ["a note"] },
    { cells: ["off", { text: "2", style: "red" }, "backend", "a rather long example of what went wrong"] },
  ],
};

describe("renderTable()", () => {
  it("aligns columns, and puts notes under their row", () => {
    assert.deepEqual(renderTable(table, { width: 80, paint }), [
      "  arm  count  side     example",
      "  on   1,000  proxy    short",
      "    a note",
      "  off      2  backend  a rather long example of what went wrong",
    ]);
  });

  it("cuts the flexible column before it leaves any out", () => {
    assert.equal(
      renderTable(table, { width: 50, paint }).at(-1),
      "  off      2  backend  a rather long example of w…",
    );
  });

  it("leaves the least important column out and says so", () => {
    const lines = renderTable(table, { width: 36, paint });
    assert.equal(lines[0], "  arm  count  example");
    assert.equal(lines.at(-1), "  not shown at this width: side");
  });

  it("writes lists where not even the necessary columns fit", () => {
    assert.deepEqual(renderTable(table, { width: 22, paint }).slice(0, 5), [
      "  arm: on",
      "    count: 1,000",
      "    side: proxy",
      "    example: short",
      "    a note",
    ]);
  });

  it("says a grouped cell once, and paints only the words of a cell", () => {
    const grouped: Table = {
      columns: [
        { title: "", align: "left", grouped: true },
        { title: "n", align: "right" },
      ],
      rows: [
        { cells: ["rtt", "1"] },
        { cells: ["rtt", { text: "2", style: "red" }] },
        { cells: ["tls", "30"] },
      ],
    };
    assert.deepEqual(renderTable(grouped, { width: 80, paint: createPaint({ colour: true }) }).slice(1), [
      "  rtt   1",
      "        \u001b[31m2\u001b[39m",
      "  tls  30",
    ]);
  });

  it("has a header even without rows", () => {
    assert.deepEqual(renderTable({ ...table, rows: [] }, { width: 80, paint }), [
      "  arm  count  side  example",
    ]);
  });
});
