import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { signedRankTest } from "#wsrally/stats/signed-rank-test.js";
import { hodgesLehmann, walshAverages } from "#wsrally/stats/walsh-averages.js";
import { walshBoundRank, walshBounds } from "#wsrally/stats/walsh-bounds.js";
import { fc } from "../support/seeded-fast-check.js";
import { assertNear, statsVectors, tolerance } from "./stats-vectors.js";

const finite = fc.double({ min: -1, max: 1, noNaN: true });
const someDifferences = fc.array(finite, { minLength: 1, maxLength: 40 });

describe("walshAverages()", () => {
  it("averages every pair, each with itself, in ascending order", () => {
    assert.deepEqual([...walshAverages([3, 1]).sorted], [1, 2, 3]);
    assert.deepEqual([...walshAverages([4, -2, 0]).sorted], [-2, -1, 0, 1, 2, 4]);
    assert.equal(walshAverages([]).sorted.length, 0);
  });
});

describe("hodgesLehmann()", () => {
  statsVectors.signedRank.forEach(({ d, hodgesLehmann: expected }, index) => {
    it(`agrees with golden vector ${index} (n=${d.length})`, () => {
      assertNear(hodgesLehmann(walshAverages(d)), expected, tolerance.estimate, "estimate");
    });
  });

  it("is null without differences, and the difference itself with one", () => {
    assert.equal(hodgesLehmann(walshAverages([])), null);
    assert.equal(hodgesLehmann(walshAverages([0.25])), 0.25);
  });

  it("follows a shift and a change of sign", () => {
    fc.assert(
      fc.property(someDifferences, finite, (differences, shift) => {
        const estimate = hodgesLehmann(walshAverages(differences)) ?? Number.NaN;
        const shifted = hodgesLehmann(walshAverages(differences.map((value) => value + shift)));
        assertNear(shifted, estimate + shift, 1e-12, "shifted");
        assertNear(
          hodgesLehmann(walshAverages(differences.map((value) => -value))),
          -estimate,
          1e-12,
          "turned",
        );
      }),
    );
  });
});

describe("walshBoundRank()", () => {
  statsVectors.signedRank.forEach(({ d, level, kth }, index) => {
    it(`agrees with golden vector ${index} (n=${d.length}, level ${level})`, () => {
      assert.equal(walshBoundRank(d.length, (1 - level) / 2), kth);
    });
  });

  const table: readonly { n: number; level: number; rank: number }[] = [
    { n: 0, level: 0.025, rank: 0 },
    { n: 5, level: 0.025, rank: 0 },
    { n: 6, level: 0.025, rank: 1 },
    // P(W⁺ ≤ 0) is 2⁻⁶ exactly: a level it just reaches gives the bound.
    { n: 6, level: 2 ** -6, rank: 1 },
    { n: 6, level: 2 ** -6 - 1e-12, rank: 0 },
    // Wilcoxon's table: two-sided 5 % critical values 8 at n=10 and 52 at n=20.
    { n: 10, level: 0.025, rank: 9 },
    { n: 20, level: 0.025, rank: 53 },
  ];
  for (const { n, level, rank } of table) {
    it(`is ${rank} for n=${n} at level ${level}`, () => assert.equal(walshBoundRank(n, level), rank));
  }

  for (const level of [0, -0.1, 0.6, Number.NaN]) {
    it(`rejects level ${level}`, () => assert.throws(() => walshBoundRank(10, level), RangeError));
  }
});

describe("walshBounds()", () => {
  statsVectors.signedRank.forEach(({ d, level, ci }, index) => {
    it(`agrees with golden vector ${index} (n=${d.length}, level ${level})`, () => {
      const { low, high } = walshBounds(walshAverages(d), (1 - level) / 2, (1 - level) / 2);
      assertNear(low, ci[0], tolerance.estimate, "low");
      assertNear(high, ci[1], tolerance.estimate, "high");
    });
  });

  it("gives each side its own level", () => {
    const averages = walshAverages([1, 2, 3, 4, 5, 6]);
    assert.deepEqual(walshBounds(averages, 0.001, 0.025), { low: null, high: 6 });
    assert.deepEqual(walshBounds(averages, 0.025, 0.001), { low: 1, high: null });
  });

  it("contains the estimate, and widens as the level falls", () => {
    fc.assert(
      fc.property(someDifferences, (differences) => {
        const averages = walshAverages(differences);
        const estimate = hodgesLehmann(averages) ?? Number.NaN;
        const narrow = walshBounds(averages, 0.1, 0.1);
        const wide = walshBounds(averages, 0.001, 0.001);
        assert.ok((narrow.low ?? -2) <= estimate && estimate <= (narrow.high ?? 2));
        assert.ok((wide.low ?? -2) <= (narrow.low ?? -2) && (narrow.high ?? 2) <= (wide.high ?? 2));
      }),
    );
  });

  it("excludes exactly the centres that the test rejects, without ties", () => {
    // Distinct random multiples of an irrational step keep all Walsh averages apart.
    const distinct = fc.uniqueArray(fc.integer({ min: -5000, max: 5000 }), { minLength: 6, maxLength: 25 });
    fc.assert(
      fc.property(distinct, fc.double({ min: 0.005, max: 0.2, noNaN: true }), (whole, level) => {
        const differences = whole.map((value) => value * Math.SQRT2 + Math.sin(value) / 100);
        const { low } = walshBounds(walshAverages(differences), level, level);
        if (low === null) return;
        const margin = 1e-9;
        assert.ok(signedRankTest(differences, low - margin).pGreater <= level);
        assert.ok(signedRankTest(differences, low + margin).pGreater > level);
      }),
    );
  });
});
