import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type DiffRow, diffConfigs } from "#wsrally/report/html/config-diff.js";
import { fc } from "../../support/seeded-fast-check.js";

/** `- old`, `+ new`, `~ old|new`, `  same`, `... 3`; changed words in brackets. */
function sketch(rows: readonly DiffRow[]): string[] {
  const text = (line: { readonly pieces: readonly { readonly text: string; readonly changed: boolean }[] }) =>
    line.pieces.map(({ text: piece, changed }) => (changed ? `[${piece}]` : piece)).join("");
  return rows.map((row) => {
    if (row.kind === "skipped") return `... ${row.count}`;
    if (row.kind === "removed") return `- ${text(row.left)}`;
    if (row.kind === "added") return `+ ${text(row.right)}`;
    return row.kind === "same" ? `  ${text(row.left)}` : `~ ${text(row.left)}|${text(row.right)}`;
  });
}

describe("diffConfigs()", () => {
  const rows: readonly (readonly [name: string, left: string, right: string, wanted: readonly string[]])[] = [
    ["marks the word that changed", "a on;\nb;\n", "a off;\nb;\n", ["~ a [on];|a [off];", "  b;"]],
    ["sets a line that was added alone", "a;\n", "a;\nb;\n", ["  a;", "+ [b;]"]],
    ["sets a line that was removed alone", "a;\nb;\n", "b;\n", ["- [a;]", "  b;"]],
    ["pairs lines in order and leaves the rest over", "a 1;\n", "a 2;\nc;\n", ["~ a [1];|a [2];", "+ [c;]"]],
    [
      "takes no port on loopback for a difference",
      "listen 127.0.0.1:1;\n",
      "listen 127.0.0.1:2;\n",
      ["... 1"],
    ],
    [
      "takes a port elsewhere for one",
      "listen 10.0.0.1:1;\n",
      "listen 10.0.0.1:2;\n",
      ["~ listen 10.0.0.1:[1];|listen 10.0.0.1:[2];"],
    ],
    [
      "leaves out what is far from a change",
      "1\n2\n3\n4\nx\n",
      "1\n2\n3\n4\ny\n",
      ["... 3", "  4", "~ [x]|[y]"],
    ],
    ["has nothing to say of two empty ones", "", "", []],
  ];
  for (const [name, left, right, wanted] of rows) {
    it(name, () => assert.deepEqual(sketch(diffConfigs(left, right, { context: 1 })), wanted));
  }

  it("shows every line of both sides once and in order, when nothing is left out", () => {
    const config = fc
      .array(fc.constantFrom("a;", "b on;", "b off;", "", "listen 127.0.0.1:80;", "\t}"))
      .map((lines) => lines.map((line) => `${line}\n`).join(""));
    fc.assert(
      fc.property(config, config, (left, right) => {
        const all = diffConfigs(left, right, { context: 1000 }).filter((row) => row.kind !== "skipped");
        const side = (which: "left" | "right"): string =>
          all
            .flatMap((row) => {
              const line = row[which];
              return line === null ? [] : [`${line.pieces.map(({ text }) => text).join("")}\n`];
            })
            .join("");
        // Two alike but for ports are all skipped.
        if (all.length > 0) assert.deepEqual([side("left"), side("right")], [left, right]);
      }),
    );
  });
});
