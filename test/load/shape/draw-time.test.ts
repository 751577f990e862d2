/** What is left of a time when a load begins: as many are over in every second as in the long run. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPrng } from "#wsrally/base/prng.js";
import { drawRestNs } from "#wsrally/load/shape/draw-time.js";
import { meanOfSpread, type TimeSpread } from "#wsrally/scenario/time-spread.js";

const draws = 20_000;

const spreads: readonly TimeSpread[] = [
  { kind: "range", leastS: 10, mostS: 60 },
  { kind: "range", leastS: 30, mostS: 30 },
  { kind: "exponential", meanS: 20 },
];

describe("the rest of a time that is under way", () => {
  for (const spread of spreads) {
    it(`is over in the first two seconds as often as in any others: ${JSON.stringify(spread)}`, () => {
      const prng = createPrng(7);
      const rests = Array.from({ length: draws }, () => drawRestNs(spread, prng));
      const expected = (draws * 2) / meanOfSpread(spread);
      const over = rests.filter((restNs) => restNs < 2e9).length;
      assert.ok(Math.abs(over / expected - 1) < 0.1, `${over}, and ${expected} expected`);
    });
  }
});
