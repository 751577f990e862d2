import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { signedRankTest } from "#wsrally/stats/signed-rank-test.js";
import { signedRanks } from "#wsrally/stats/signed-ranks.js";
import { fc } from "../support/seeded-fast-check.js";
import { assertNear, statsVectors, tolerance } from "./stats-vectors.js";

/** Whole numbers make ties and zeros common. */
const coarseDifferences = fc.array(fc.integer({ min: -6, max: 6 }), { maxLength: 11 });

/** Mid-ranks by their definition: how many are smaller, and half of those as large. */
function doubledMidRank(values: readonly number[], value: number): number {
  const smaller = values.filter((other) => Math.abs(other) < Math.abs(value)).length;
  const equal = values.filter((other) => Math.abs(other) === Math.abs(value)).length;
  return 2 * smaller + equal + 1;
}

/** Both p-values by giving every difference that is not zero both signs in turn. */
function byEnumeration(differences: readonly number[]): { pGreater: number; pLess: number } {
  const nonZero = differences.filter((value) => value !== 0);
  const ranks = nonZero.map((value) => doubledMidRank(differences, value));
  const sumOf = (isPositive: (i: number) => boolean): number =>
    ranks.reduce((sum, rank, i) => sum + (isPositive(i) ? rank : 0), 0);
  const observed = sumOf((i) => (nonZero[i] ?? 0) > 0);
  let [greater, less] = [0, 0];
  for (let signs = 0; signs < 2 ** ranks.length; signs++) {
    const sum = sumOf((i) => (signs & (1 << i)) !== 0);
    if (sum >= observed) greater++;
    if (sum <= observed) less++;
  }
  return { pGreater: greater / 2 ** ranks.length, pLess: less / 2 ** ranks.length };
}

describe("signedRanks()", () => {
  const table: readonly {
    name: string;
    d: readonly number[];
    theta: number;
    ranks: readonly number[];
    sum: number;
  }[] = [
    { name: "no differences", d: [], theta: 0, ranks: [], sum: 0 },
    { name: "zeros alone", d: [0, -0, 0], theta: 0, ranks: [], sum: 0 },
    { name: "no ties", d: [3, -1, 2], theta: 0, ranks: [2, 4, 6], sum: 10 },
    { name: "a tie of both signs", d: [1, -1, 5], theta: 0, ranks: [3, 3, 6], sum: 9 },
    { name: "zeros that push the others up", d: [0, 0, 1, -2], theta: 0, ranks: [6, 8], sum: 6 },
    { name: "a difference at theta", d: [0.5, 2, -1], theta: 0.5, ranks: [5, 5], sum: 5 },
  ];
  for (const { name, d, theta, ranks, sum } of table) {
    it(`ranks ${name}`, () => {
      assert.deepEqual(signedRanks(d, theta), { doubledRanks: ranks, doubledPositiveSum: sum });
    });
  }
});

describe("signedRankTest()", () => {
  statsVectors.signedRank.forEach((vector, index) => {
    it(`agrees with golden vector ${index} (n=${vector.d.length})`, () => {
      const { theta, pGreater, pLess } = vector.shifted;
      const atZero = signedRankTest(vector.d, 0);
      const atTheta = signedRankTest(vector.d, theta);
      assertNear(atZero.pGreater, vector.pGreater, tolerance.pValue, "pGreater at 0");
      assertNear(atZero.pLess, vector.pLess, tolerance.pValue, "pLess at 0");
      assertNear(atTheta.pGreater, pGreater, tolerance.pValue, "pGreater at theta");
      assertNear(atTheta.pLess, pLess, tolerance.pValue, "pLess at theta");
    });
  });

  it("knows nothing without a difference that is not zero", () => {
    assert.deepEqual(signedRankTest([], 0), { pGreater: 1, pLess: 1 });
    assert.deepEqual(signedRankTest([0, 0, 0], 0), { pGreater: 1, pLess: 1 });
  });

  it("gives 2^-n when all differences point one way", () => {
    const differences = Array.from({ length: 60 }, (_, i) => 0.01 * (i + 1));
    assertNear(signedRankTest(differences, 0).pGreater * 2 ** 60, 1, 1e-12, "pGreater in units of 2^-60");
    assert.equal(signedRankTest(differences, 0).pLess, 1);
  });

  it("equals the enumeration of all signs, with ties and zeros", () => {
    fc.assert(
      fc.property(coarseDifferences, (differences) => {
        assert.deepEqual(signedRankTest(differences, 0), byEnumeration(differences));
      }),
    );
  });

  it("swaps its sides when the differences change sign", () => {
    fc.assert(
      fc.property(coarseDifferences, (differences) => {
        const forth = signedRankTest(differences, 0);
        const back = signedRankTest(
          differences.map((value) => -value),
          0,
        );
        assertNear(back.pLess, forth.pGreater, 1e-12, "pLess of the swapped");
        assertNear(back.pGreater, forth.pLess, 1e-12, "pGreater of the swapped");
      }),
    );
  });

  it("stays in (0, 1], and its sides overlap in the observed value", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 60 }), (differences) => {
        const { pGreater, pLess } = signedRankTest(differences, 0.01);
        assert.ok(pGreater > 0 && pGreater <= 1 && pLess > 0 && pLess <= 1);
        assert.ok(pGreater + pLess >= 1 - 1e-12);
      }),
    );
  });
});
