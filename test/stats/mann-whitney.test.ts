import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mannWhitney } from "#wsrally/stats/mann-whitney.js";
import { normalQuantile } from "#wsrally/stats/normal-quantile.js";
import { normalTail } from "#wsrally/stats/normal-tail.js";
import { fc } from "../support/seeded-fast-check.js";

const near = (actual: number, expected: number, within: number): void =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not within ${within} of ${expected}`);

describe("normalTail()", () => {
  it("is the table's value", () => {
    // Abramowitz & Stegun, table 26.1 and 26.2: Q(x).
    for (const [z, tail] of [
      [0, 0.5],
      [1, 0.158655253931457],
      [1.9599639845400545, 0.025],
      [2, 0.022750131948179],
      [3, 0.00134989803163],
      [6, 9.86587645e-10],
    ] as const) {
      near(normalTail(z) / tail, 1, 1e-9);
      near(normalTail(-z), 1 - tail, 1e-12);
    }
  });

  it("is the inverse of the quantile, on both sides of where the formula changes", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-15, max: 0.5, noNaN: true }), (p) => {
        near(normalTail(-normalQuantile(p)) / p, 1, 1e-9);
      }),
    );
  });

  it("refuses NaN", () => assert.throws(() => normalTail(Number.NaN), RangeError));
});

const samples = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 30 });

describe("mannWhitney()", () => {
  it("counts pairs: by hand, with ties", () => {
    // 3 > 1, 2; 2 > 1 and ties with 2; 5 > both: 2 + 1.5 + 2.
    assert.equal(mannWhitney([1, 2], [3, 2, 5]).u, 5.5);
    // U of 25 pairs, μ = 12.5, σ² = 25 · 11 / 12: z = 12 / 4.787.
    near(mannWhitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]).p, 2 * normalTail(12 / Math.sqrt(275 / 12)), 1e-15);
    // All of them tie.
    assert.equal(mannWhitney([4, 4, 4], [4, 4]).p, 1);
  });

  it("counts as R's wilcox.test does in its example of two samples, W = 35", () => {
    // Permeability data of Hollander & Wolfe (1973); μ = 25, σ² = 10 · 5 · 16 / 12.
    const x = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const y = [1.15, 0.88, 0.9, 0.74, 1.21];
    const { u, p } = mannWhitney(y, x);
    assert.equal(u, 35);
    near(p, 2 * normalTail(9.5 / Math.sqrt(800 / 12)), 1e-12);
  });

  it("says the same the other way round, shifted, and in another unit", () => {
    fc.assert(
      fc.property(samples, samples, fc.integer({ min: -5, max: 5 }), (a, b, shift) => {
        const { u, p } = mannWhitney(a, b);
        const back = mannWhitney(b, a);
        assert.equal(u + back.u, a.length * b.length);
        near(back.p, p, 1e-12);
        assert.ok(p >= 0 && p <= 1);
        const moved = (values: readonly number[]): number[] => values.map((value) => 3 * (value + shift));
        near(mannWhitney(moved(a), moved(b)).p, p, 1e-12);
      }),
    );
  });

  it("refuses an empty sample and what is no number", () => {
    assert.throws(() => mannWhitney([], [1]), /each must have a value/);
    assert.throws(() => mannWhitney([Number.NaN], [1]), /want numbers/);
  });
});
