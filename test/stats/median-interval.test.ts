import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPrng } from "#wsrally/base/prng.js";
import { medianInterval } from "#wsrally/stats/median-interval.js";

const ascending = (n: number): number[] => Array.from({ length: n }, (_, index) => n - index);

describe("medianInterval()", () => {
  it("takes the order statistics of the sign test's tables (two-sided 95 %)", () => {
    // Conover, Practical Nonparametric Statistics, table of binomial quantiles at ½: ranks of the lower bound.
    const ranks: readonly [n: number, rank: number][] = [
      [6, 1],
      [8, 1],
      [9, 2],
      [11, 2],
      [12, 3],
      [14, 3],
      [15, 4],
      [20, 6],
      [24, 7],
      [40, 14],
      [60, 22],
    ];
    for (const [n, rank] of ranks) {
      assert.deepEqual(medianInterval(ascending(n), 0.025), { low: rank, high: n + 1 - rank }, `n = ${n}`);
    }
  });

  it("has no bounds from too few values", () => {
    for (const n of [0, 1, 5])
      assert.deepEqual(medianInterval(ascending(n), 0.025), { low: null, high: null });
  });

  it("holds the true median at least as often as it says, under skewed noise too", () => {
    const prng = createPrng(5);
    let held = 0;
    const runs = 2000;
    for (let run = 0; run < runs; run++) {
      const values = Array.from({ length: 14 }, () => Math.exp(4 * prng.nextFloat() ** 3));
      const { low, high } = medianInterval(values, 0.025);
      const truth = Math.exp(4 * 0.125);
      if ((low ?? Number.POSITIVE_INFINITY) <= truth && truth <= (high ?? 0)) held++;
    }
    assert.ok(held / runs > 0.96, `${held} of ${runs}; 98.7 % by the formula`);
  });
});
