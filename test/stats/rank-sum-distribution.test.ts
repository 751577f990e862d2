import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rankSumDistribution } from "#wsrally/stats/rank-sum-distribution.js";
import { fc } from "../support/seeded-fast-check.js";
import { assertNear } from "./stats-vectors.js";

/** The same by taking every one of the 2ⁿ choices in turn. */
function byEnumeration(ranks: readonly number[]): number[] {
  const probability = new Array<number>(ranks.reduce((a, b) => a + b, 0) + 1).fill(0);
  for (let choice = 0; choice < 2 ** ranks.length; choice++) {
    const sum = ranks.reduce((total, rank, i) => total + (choice & (1 << i) ? rank : 0), 0);
    probability[sum] = (probability[sum] ?? 0) + 1 / 2 ** ranks.length;
  }
  return probability;
}

const someRanks = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 10 });

describe("rankSumDistribution()", () => {
  const table: readonly { ranks: readonly number[]; probability: readonly number[] }[] = [
    { ranks: [], probability: [1] },
    { ranks: [1], probability: [0.5, 0.5] },
    { ranks: [1, 2], probability: [0.25, 0.25, 0.25, 0.25] },
    { ranks: [1, 2, 3], probability: [0.125, 0.125, 0.125, 0.25, 0.125, 0.125, 0.125] },
    { ranks: [3, 3], probability: [0.25, 0, 0, 0.5, 0, 0, 0.25] },
  ];
  for (const { ranks, probability } of table) {
    it(`gives the textbook table for ranks [${ranks}]`, () => {
      assert.deepEqual([...rankSumDistribution(ranks)], probability);
    });
  }

  it("equals the enumeration of all signs", () => {
    fc.assert(
      fc.property(someRanks, (ranks) =>
        assert.deepEqual([...rankSumDistribution(ranks)], byEnumeration(ranks)),
      ),
    );
  });

  it("does not depend on the order of the ranks", () => {
    fc.assert(
      fc.property(someRanks, (ranks) =>
        assert.deepEqual(rankSumDistribution(ranks), rankSumDistribution([...ranks].reverse())),
      ),
    );
  });

  it("sums to 1 and is symmetric, up to 60 ranks and beyond", () => {
    for (const n of [1, 7, 33, 60, 150]) {
      const probability = rankSumDistribution(Array.from({ length: n }, (_, i) => 2 * (i + 1)));
      assertNear(
        probability.reduce((a, b) => a + b, 0),
        1,
        1e-13,
        `sum at n=${n}`,
      );
      assert.deepEqual(probability, probability.toReversed());
    }
  });
});
