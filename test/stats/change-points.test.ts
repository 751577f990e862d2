import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPrng } from "#wsrally/base/prng.js";
import { findChangePoints } from "#wsrally/stats/change-points.js";
import { fc } from "../support/seeded-fast-check.js";
import { assertNear, statsVectors, tolerance } from "./stats-vectors.js";

describe("findChangePoints()", () => {
  it("has vectors with no, one and two changes", () => {
    assert.deepEqual(
      [...new Set(statsVectors.history.map(({ expected }) => expected.length))].sort(),
      [0, 1, 2],
    );
  });

  for (const [i, { ratios, minSegment, pMax, expected }] of statsVectors.history.entries()) {
    it(`finds what vector ${i} says`, () => {
      const found = findChangePoints(ratios.map(Math.log), { minSegment, pMax });
      assert.deepEqual(
        found.map(({ index }) => index),
        expected.map(({ index }) => index),
      );
      for (const [at, { shiftLog }] of expected.entries()) {
        assertNear(found[at]?.shift ?? null, shiftLog, tolerance.estimate, `shift ${at}`);
      }
    });
  }

  it("needs enough values, and sees none where all are the same", () => {
    assert.deepEqual(findChangePoints([]), []);
    assert.deepEqual(findChangePoints([0, 0, 0, 0, 1, 1, 1, 1]), []);
    assert.deepEqual(findChangePoints(Array.from({ length: 40 }, () => 1)), []);
  });

  const values = fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 40 });

  it("keeps to five values a level, in the order of the series", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 40 }), (series, at) => {
        const stepped = series.map((value, i) => (i < at ? value : value + 80));
        const ends = [0, ...findChangePoints(stepped).map(({ index }) => index), stepped.length];
        ends.slice(1).forEach((end, i) => {
          if (ends.length > 2) assert.ok(end - (ends[i] ?? 0) >= 5);
        });
      }),
    );
  });

  it("turns its shifts with the sign of the values, and nothing else", () => {
    fc.assert(
      fc.property(values, (series) => {
        const found = findChangePoints(series);
        const turned = findChangePoints(series.map((value) => -value));
        assert.deepEqual(
          turned.map(({ index, shift }) => [index, shift]),
          found.map(({ index, shift }) => [index, -shift]),
        );
      }),
    );
  });

  it("cries wolf in few histories of one level: at most 3 of 100", () => {
    const prng = createPrng(7);
    const uniform = (): number =>
      Array.from({ length: 12 }, () => prng.nextFloat()).reduce((a, b) => a + b) - 6;
    const histories = Array.from({ length: 100 }, () => Array.from({ length: 60 }, () => 0.02 * uniform()));
    assert.ok(histories.filter((series) => findChangePoints(series).length > 0).length <= 3);
  });
});
