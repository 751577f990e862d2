import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rowOf, rowsFrom } from "#wsrally/load/rows.js";
import { shareOut } from "#wsrally/load/share-out.js";

describe("rowsFrom()", () => {
  for (const [rows, connections, threads] of [
    [3, 10, 4],
    [10, 3, 2],
    [7, 7, 3],
    [1, 5, 2],
    [0, 5, 2],
  ] as const) {
    it(`gives connection i row i mod ${rows}, whichever of ${threads} threads has it`, () => {
      const all = Array.from({ length: rows }, (_, row) => [String(row)]);
      let first = 0;
      const had = shareOut(connections, threads).flatMap((share) => {
        const own = rowsFrom(all, first, share);
        first += share;
        return Array.from({ length: share }, (_, connection) => rowOf(own, connection));
      });
      assert.deepEqual(
        had,
        Array.from({ length: connections }, (_, connection) => rowOf(all, connection)),
      );
      if (rows > 0) assert.deepEqual(had.at(-1), [String((connections - 1) % rows)]);
    });
  }
});
