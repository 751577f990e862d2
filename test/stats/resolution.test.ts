import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blocksToSee, minimumDetectableEffect, standardError } from "#wsrally/stats/resolution.js";
import { fc } from "../support/seeded-fast-check.js";
import { assertNear } from "./stats-vectors.js";

const somePrecision = fc.record({
  se: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
  level: fc.double({ min: 1e-5, max: 0.4, noNaN: true }),
  threshold: fc.double({ min: 0, max: 0.1, noNaN: true }),
});

describe("standardError()", () => {
  it("is a 95 % interval's width over 3.92", () => {
    assertNear(standardError({ low: -0.0196, high: 0.0196 }), 0.01, 1e-6, "se");
    assert.equal(standardError({ low: 0.1, high: 0.1 }), 0);
  });
  it("is null for an open interval", () => assert.equal(standardError({ low: null, high: null }), null));
});

describe("minimumDetectableEffect()", () => {
  it("is 0 with no noise, and the margin itself when that must be exceeded", () => {
    assert.equal(minimumDetectableEffect({ se: 0, level: 0.01, threshold: 0 }), 0);
    assertNear(
      minimumDetectableEffect({ se: 0, level: 0.01, threshold: Math.log(1.05) }),
      0.05,
      1e-12,
      "effect",
    );
  });
  it("is (z(1−a) + 0.8416) standard errors", () => {
    const expected = Math.exp((2.3263 + 0.8416) * 0.02) - 1;
    assertNear(minimumDetectableEffect({ se: 0.02, level: 0.01, threshold: 0 }), expected, 1e-5, "effect");
  });
});

describe("blocksToSee()", () => {
  it("needs as many blocks as there were for the effect that was just detectable", () => {
    fc.assert(
      fc.property(somePrecision, fc.integer({ min: 8, max: 60 }), (precision, n) => {
        const effect = minimumDetectableEffect(precision);
        const blocks = blocksToSee(effect * (1 + 1e-9), n, precision) ?? Number.NaN;
        assert.ok(blocks === n || blocks === n + 1, `${blocks} for ${n}`);
      }),
    );
  });
  it("needs four times the blocks for half the log ratio", () => {
    const precision = { se: 0.02, level: 0.01, threshold: 0 };
    const whole = blocksToSee(Math.expm1(0.04), 1000, precision) ?? Number.NaN;
    const half = blocksToSee(Math.expm1(0.02), 1000, precision) ?? Number.NaN;
    assertNear(half / whole, 4, 0.01, "ratio");
  });
  it("is null when no number of blocks would do", () => {
    assert.equal(blocksToSee(0.05, 20, { se: 0.02, level: 0.01, threshold: Math.log(1.1) }), null);
    assert.equal(blocksToSee(0, 20, { se: 0.02, level: 0.01, threshold: 0 }), null);
  });
});
