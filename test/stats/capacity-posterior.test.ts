import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CapacityProbe, capacityPosterior, capacityRatio } from "#wsrally/stats/capacity-posterior.js";
import { fc } from "../support/seeded-fast-check.js";
import { assertNear, statsVectors } from "./stats-vectors.js";

const someProbes = fc.array(
  fc.record({ load: fc.double({ min: 500, max: 20_000, noNaN: true }), passed: fc.boolean() }),
  { maxLength: 40 },
);

describe("capacityPosterior()", () => {
  statsVectors.capacity.forEach(({ first, top, probes, expected, relTol }, index) => {
    it(`agrees with golden vector ${index}`, () => {
      const posterior = capacityPosterior({
        first,
        top,
        probes: probes.map(([load, passed]) => ({ load, passed })),
      });
      for (const name of ["q05", "median", "q95"] as const) {
        assertNear(posterior[name] / expected[name], 1, relTol, name);
      }
    });
  });

  it("is a distribution whose quantiles are in order, whatever the probes", () => {
    fc.assert(
      fc.property(someProbes, (probes) => {
        const { q05, median, q95, weights, logWidth } = capacityPosterior({ first: 1000, top: 8000, probes });
        assertNear(
          weights.reduce((sum, weight) => sum + weight, 0),
          1,
          1e-9,
          "sum of weights",
        );
        assert.ok(q05 <= median && median <= q95 && q05 >= 499 && q95 <= 16_001);
        assertNear(logWidth, Math.log(q95 / q05), 1e-9, "width");
      }),
    );
  });

  it("rises with a pass above it, and falls with a fail below", () => {
    fc.assert(
      fc.property(someProbes, fc.double({ min: 500, max: 16_000, noNaN: true }), (probes, load) => {
        const medianWith = (more: readonly CapacityProbe[]): number =>
          capacityPosterior({ first: 1000, top: 8000, probes: [...probes, ...more] }).median;
        assert.ok(medianWith([{ load, passed: true }]) >= medianWith([]) * 0.9999);
        assert.ok(medianWith([{ load, passed: false }]) <= medianWith([]) * 1.0001);
      }),
    );
  });
});

describe("capacityRatio()", () => {
  const around = (capacity: number) =>
    capacityPosterior({
      first: 1000,
      top: 8000,
      probes: [0.8, 0.9, 0.95, 0.98, 1.02, 1.05, 1.1, 1.25].flatMap((share) => {
        const probe = { load: capacity * share, passed: share < 1 };
        return [probe, probe];
      }),
    });

  for (const [candidate, baseline] of [
    [3000, 3000],
    [4500, 3000],
    [2000, 4000],
  ] as const) {
    it(`of ${candidate} over ${baseline} has ${candidate / baseline} within its interval`, () => {
      const { ratio, low, high } = capacityRatio(around(candidate), around(baseline));
      assertNear(ratio, candidate / baseline, 0.02, "ratio");
      assert.ok(low < candidate / baseline && candidate / baseline < high);
    });
  }

  it("turned round is its inverse", () => {
    const there = capacityRatio(around(4500), around(3000));
    const back = capacityRatio(around(3000), around(4500));
    assertNear(there.low * back.high, 1, 0.011, "low and high");
    assertNear(there.ratio * back.ratio, 1, 0.011, "ratios");
  });
});
