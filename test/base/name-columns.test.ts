import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nameColumns } from "#wsrally/base/name-columns.js";

describe("nameColumns()", () => {
  it("stands names above each other, in lines of 80 columns", () => {
    assert.equal(nameColumns(["a", "bcd", "ef"]), "  a    bcd  ef");
    const lines = nameColumns(Array.from({ length: 40 }, (_, i) => `directive_${i}`)).split("\n");
    assert.deepEqual(
      lines.slice(0, 2).map((line) => line.indexOf("directive", 3)),
      [16, 16],
    );
    for (const line of lines) assert.ok(line.length <= 80 && line === line.trimEnd(), line);
  });

  it("gives a name that is wider than that a line", () => {
    const long = "x".repeat(90);
    assert.equal(nameColumns([long, long]), `  ${long}\n  ${long}`);
    assert.equal(nameColumns([]), "");
  });
});
