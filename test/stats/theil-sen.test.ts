import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { theilSenSlope } from "#wsrally/stats/theil-sen.js";
import { fc } from "../support/seeded-fast-check.js";

const places = fc.uniqueArray(fc.integer({ min: 0, max: 10_000 }), { minLength: 2, maxLength: 40 });

describe("theilSenSlope()", () => {
  for (const [what, points, slope] of [
    ["no point", [], null],
    ["one point", [[1, 2]], null],
    [
      "points above each other",
      [
        [3, 1],
        [3, 9],
      ],
      null,
    ],
    // Slopes 1, 2 and 3: the median.
    [
      "three points",
      [
        [0, 0],
        [1, 1],
        [2, 4],
      ],
      2,
    ],
    // Slopes 1 and 4, none between the two at 1: their mean.
    [
      "two at one place",
      [
        [0, 0],
        [1, 1],
        [1, 4],
      ],
      2.5,
    ],
  ] as const) {
    it(`gives ${slope} for ${what}`, () => assert.equal(theilSenSlope(points), slope));
  }

  it("finds a line again whatever its offset, in whatever order its points come", () => {
    fc.assert(
      fc.property(
        places,
        fc.integer({ min: -50_000, max: 50_000 }),
        fc.integer({ min: 0, max: 1e9 }),
        (xs, slope, offset) => {
          const found = theilSenSlope(xs.map((x) => [x, offset + slope * x]));
          assert.ok(found !== null && Math.abs(found - slope) < 1e-6 * Math.max(1, Math.abs(slope)));
        },
      ),
    );
  });

  it("is not moved by a quarter of the points being far off, where least squares would be", () => {
    const points = Array.from({ length: 32 }, (_, i): [number, number] => [
      i,
      14 * i + (i % 4 === 0 ? 1e6 : 0),
    ]);
    assert.equal(theilSenSlope(points), 14);
  });
});
