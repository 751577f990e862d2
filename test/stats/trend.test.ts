import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPrng, type Prng } from "#wsrally/base/prng.js";
import { type Trend, trendOf } from "#wsrally/stats/trend.js";
import { fc } from "../support/seeded-fast-check.js";

function normal(prng: Prng): number {
  return Math.sqrt(-2 * Math.log(1 - prng.nextFloat())) * Math.cos(2 * Math.PI * prng.nextFloat());
}

/** Stationary from its first value on; a random walk for φ = 1. */
function autoregressive(n: number, phi: number, prng: Prng): number[] {
  let value = phi < 1 ? normal(prng) / Math.sqrt(1 - phi * phi) : 0;
  return Array.from({ length: n }, () => {
    const now = value;
    value = phi * value + normal(prng);
    return now;
  });
}

function trend(values: readonly number[]): Trend {
  const found = trendOf(values.map((y, x) => [x, y]));
  assert.ok(found !== null);
  return found;
}

const leavesZeroOut = ({ low, high }: Trend): boolean => low > 0 || high < 0;

describe("trendOf()", () => {
  it("keeps its false alarms on series that resemble themselves and have no trend", () => {
    const prng = createPrng(20_261_123);
    const series = 400;
    for (const [phi, most] of [
      [0, 0.02],
      [0.3, 0.03],
      [0.6, 0.035],
      [0.8, 0.04],
      [0.95, 0.065],
      [1, 0.08],
    ] as const) {
      for (const n of [22, 36]) {
        const alarms = Array.from({ length: series }, () => trend(autoregressive(n, phi, prng))).filter(
          leavesZeroOut,
        ).length;
        // The bound told in src/stats/trend.ts, and what 400 series may stray from it.
        assert.ok(alarms / series <= most, `φ ${phi}, n ${n}: ${alarms} of ${series}`);
      }
    }
  });

  it("finds growth: straight, in steps, and with a bend", () => {
    const prng = createPrng(7);
    const kinds: Record<string, (x: number) => number> = {
      straight: (x) => x / 36,
      steps: (x) => Math.floor(x / 6) / 6,
      bent: (x) => x / 36 + 0.5 * (x / 36) ** 2,
    };
    for (const [kind, of] of Object.entries(kinds)) {
      const found = Array.from({ length: 50 }, () =>
        trend(Array.from({ length: 36 }, (_, x) => of(x) + 0.02 * normal(prng))),
      ).filter(({ low }) => low > 0).length;
      assert.ok(found >= 48, `${kind}: ${found} of 50`);
    }
  });

  it("has the true slope in its interval, and follows scale and shift", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: -50, max: 50, noNaN: true }),
        (seed, slope) => {
          const prng = createPrng(seed);
          const values = Array.from({ length: 30 }, (_, x) => slope * x + normal(prng));
          const one = trend(values);
          const other = trend(values.map((value) => 3 * value + 1000));
          assert.ok(one.low <= one.slope && one.slope <= one.high);
          assert.ok(Math.abs(one.slope - slope) < 1);
          assert.ok(Math.abs(other.slope - 3 * one.slope) < 1e-6 * (1 + Math.abs(one.slope)));
          assert.ok(Math.abs(other.high - 3 * one.high) < 1e-6 * (1 + Math.abs(one.high)));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("says of what does not change at all that it does not, and nothing of fewer than eight values", () => {
    const { slope, low, high } = trend(Array.from({ length: 20 }, () => 4096));
    assert.deepEqual([slope, low, high], [0, 0, 0]);
    assert.equal(trendOf(Array.from({ length: 7 }, (_, x) => [x, x])), null);
  });
});
