import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { risingFit } from "#wsrally/stats/rising-fit.js";
import { fc } from "../support/seeded-fast-check.js";

const points = fc.array(
  fc.record({ y: fc.double({ min: -1e6, max: 1e6, noNaN: true }), weight: fc.integer({ min: 1, max: 9 }) }),
  { minLength: 1, maxLength: 30 },
);

describe("risingFit()", () => {
  it("is level where points fall, and goes through those that rise", () => {
    const of = (...ys: number[]): number[] => risingFit(ys.map((y) => ({ y, weight: 1 })));
    assert.deepEqual(of(1, 2, 3), [1, 2, 3]);
    assert.deepEqual(of(1, 5, 3, 9), [1, 4, 4, 9]);
    assert.deepEqual(of(3, 2, 1), [2, 2, 2]);
    assert.deepEqual(of(), []);
    const weighed = risingFit([
      { y: 4, weight: 3 },
      { y: 0, weight: 1 },
    ]);
    assert.deepEqual(weighed, [3, 3]);
  });

  it("never falls, keeps the weighted mean, and leaves a rising curve as it is", () => {
    fc.assert(
      fc.property(points, (given) => {
        const fit = risingFit(given);
        assert.equal(fit.length, given.length);
        for (const [i, y] of fit.entries()) assert.ok(i === 0 || y >= (fit[i - 1] ?? y) - 1e-6);
        const meanOf = (ys: readonly number[]): number =>
          ys.reduce((sum, y, i) => sum + y * (given[i]?.weight ?? 0), 0);
        assert.ok(Math.abs(meanOf(fit) - meanOf(given.map(({ y }) => y))) < 1e-3);
        const again = risingFit(fit.map((y) => ({ y, weight: 1 })));
        assert.ok(again.every((y, i) => Math.abs(y - (fit[i] ?? 0)) < 1e-6));
      }),
    );
  });

  it("lies as near as any other curve that never falls", () => {
    fc.assert(
      fc.property(
        points,
        fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { maxLength: 30 }),
        (given, rises) => {
          const far = (ys: readonly number[]): number =>
            given.reduce((sum, { y, weight }, i) => sum + weight * (y - (ys[i] ?? 0)) ** 2, 0);
          let height = Math.min(...given.map(({ y }) => y));
          const other = given.map((_, i) => (height += rises[i] ?? 0));
          assert.ok(far(risingFit(given)) <= far(other) * (1 + 1e-9) + 1e-6);
        },
      ),
    );
  });
});
