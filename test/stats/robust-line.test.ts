import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPrng } from "#wsrally/base/prng.js";
import { robustLine } from "#wsrally/stats/robust-line.js";
import { fc } from "../support/seeded-fast-check.js";
import { assertNear } from "./stats-vectors.js";

describe("robustLine()", () => {
  // Hollander & Wolfe, Nonparametric Statistical Methods, example 9.1 (cloud seeding; x in years, y double ratio).
  it("agrees with the textbook's example", () => {
    const line = robustLine([
      [1, 1.26],
      [2, 1.27],
      [3, 1.12],
      [4, 1.16],
      [5, 1.03],
    ]);
    assertNear(line?.slope.value ?? 0, -0.0567, 1e-3, "slope");
  });

  it("goes through points that lie on a line, whatever one of them does", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: -1000, max: 1000 }),
        fc.integer({ min: 0, max: 8 }),
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        (slope, intercept, spoilt, by) => {
          const points = Array.from({ length: 9 }, (_, x): [number, number] => [
            x,
            slope * x + intercept + (x === spoilt ? by : 0),
          ]);
          const line = robustLine(points);
          assertNear(line?.slope.value ?? Number.NaN, slope, 1e-9, "slope");
          assertNear(line?.intercept.value ?? Number.NaN, intercept, 1e-9, "intercept");
        },
      ),
    );
  });

  it("has its true slope within the interval in about 95 of 100", () => {
    const prng = createPrng(3);
    let within = 0;
    for (let run = 0; run < 300; run++) {
      const points = [1, 2, 3, 4].flatMap((x) =>
        [0, 1, 2].map((): [number, number] => [x, 5 * x + 4 * (prng.nextFloat() + prng.nextFloat())]),
      );
      const { low, high } = robustLine(points)?.slope ?? {};
      if (low != null && high != null && low <= 5 && 5 <= high) within++;
    }
    assert.ok(within >= 275 && within <= 297, `${within} of 300`);
  });

  it("has no slope through one x, and no interval through two points", () => {
    assert.equal(robustLine([]), null);
    assert.equal(
      robustLine([
        [1, 2],
        [1, 3],
      ]),
      null,
    );
    const line = robustLine([
      [1, 2],
      [2, 4],
    ]);
    assert.deepEqual(line?.slope, { value: 2, low: null, high: null });
  });
});
