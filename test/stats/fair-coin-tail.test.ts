import { describe, it } from "node:test";
import { fairCoinTail } from "#wsrally/stats/fair-coin-tail.js";
import { fc } from "../support/seeded-fast-check.js";
import { assertNear } from "./stats-vectors.js";

describe("fairCoinTail()", () => {
  const table: readonly { heads: number; tosses: number; tail: number }[] = [
    { heads: 0, tosses: 0, tail: 1 },
    { heads: 1, tosses: 0, tail: 0 },
    { heads: 0, tosses: 4, tail: 1 },
    { heads: 4, tosses: 4, tail: 1 / 16 },
    { heads: 5, tosses: 5, tail: 1 / 32 },
    { heads: 6, tosses: 7, tail: 8 / 128 },
    { heads: 3, tosses: 5, tail: 0.5 },
    { heads: 8, tosses: 7, tail: 0 },
  ];
  for (const { heads, tosses, tail } of table) {
    it(`of ${heads} or more in ${tosses} is ${tail}`, () => {
      assertNear(fairCoinTail(heads, tosses), tail, 1e-15, "tail");
    });
  }

  it("and its mirror image add up to 1", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (heads, tosses) => {
        const below = fairCoinTail(tosses - heads + 1, tosses);
        assertNear(fairCoinTail(heads, tosses) + below, 1, 1e-12, "both tails");
      }),
    );
  });
});
