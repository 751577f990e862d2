import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { drawInterval, intervalScale, scaleHeader } from "#wsrally/report/draw/interval-drawing.js";
import { makeComparison } from "../run-documents.js";

const scale = { columns: 21, reach: Math.log(1.25) };
const draw = (changes: Parameters<typeof makeComparison>[0], hasMargin = true): string =>
  drawInterval(makeComparison({ margin: 0.1, ...changes }), scale, hasMargin);

describe("drawInterval()", () => {
  for (const [what, changes, drawing] of [
    ["within its margin", { ratio: 1, ciLow: 0.98, ciHigh: 1.03 }, "      [  ─●─  ]      "],
    ["across a margin", { ratio: 1.08, ciLow: 1.03, ciHigh: 1.15 }, "      [   |──●┼──    "],
    ["beyond the scale", { ratio: 2, ciLow: 0.5, ciHigh: 3 }, "<─────┼───────┼─────>"],
    ["without an interval", { ratio: 1.03, ciLow: null, ciHigh: null }, "      [   |●  ]      "],
    ["not measured", { ratio: null, ciLow: null, ciHigh: null }, "      [   |   ]      "],
  ] as const) {
    it(`draws an interval ${what}`, () => assert.equal(draw(changes), drawing));
  }

  it("draws no margin where none decides", () => {
    assert.equal(draw({ ratio: null, ciLow: null, ciHigh: null }, false).trim(), "|");
  });
});

describe("intervalScale()", () => {
  it("reaches past the margins, takes in the intervals, and stops at a factor of two", () => {
    const of = (changes: Parameters<typeof makeComparison>[0]): number =>
      Math.exp(intervalScale([makeComparison(changes)], 21).reach);
    assert.ok(of({ margin: 0.2, ratio: 1, ciLow: 1, ciHigh: 1 }) > 1.2);
    assert.ok(of({ margin: 0.05, ratio: 1.3, ciLow: 1.2, ciHigh: 1.4 }) > 1.4);
    assert.equal(of({ margin: 0.05, ratio: 30, ciLow: 20, ciHigh: 40 }), 2);
    assert.ok(of({ margin: 0.05, ratio: 0, ciLow: 0, ciHigh: 1 }) < 2);
  });

  it("has its middle above the drawings' middle", () => {
    const header = scaleHeader(intervalScale([makeComparison()], 20));
    assert.equal(header.length, 19);
    assert.equal(header[9], "1");
  });
});
