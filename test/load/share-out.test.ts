import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { shareOut, shareOutUnits } from "#wsrally/load/share-out.js";
import { fc } from "../support/seeded-fast-check.js";

describe("shareOut()", () => {
  it("loses no remainder and differs by at most one", () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 64 }), (total, parts) => {
        const shares = shareOut(total, parts);
        assert.equal(shares.length, parts);
        assert.equal(
          shares.reduce((sum, share) => sum + share, 0),
          total,
        );
        assert.ok(Math.max(...shares) - Math.min(...shares) <= 1);
      }),
    );
  });
});

describe("shareOutUnits()", () => {
  const rows: readonly (readonly [total: number, unit: number, parts: number, shares: readonly number[]])[] =
    [
      [1000, 100, 2, [500, 500]],
      [250, 100, 2, [200, 50]],
      [250, 100, 8, [100, 100, 50]],
      [100, 100, 2, [100]],
      [5, 1, 2, [3, 2]],
    ];
  for (const [total, unit, parts, shares] of rows)
    it(`gives ${total} in units of ${unit} to ${parts} as ${shares.join(", ")}`, () =>
      assert.deepEqual(shareOutUnits(total, unit, parts), shares));
});
