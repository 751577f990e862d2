import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { shareOut } from "#wsrally/load/share-out.js";
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
