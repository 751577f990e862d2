import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stolenBetween } from "#wsrally/trial/watch-steal.js";

const samples = [
  { atNs: 100, stealNs: 0 },
  { atNs: 200, stealNs: 0 },
  { atNs: 300, stealNs: 10 },
  { atNs: 400, stealNs: 10 },
];

describe("stolenBetween()", () => {
  for (const [fromNs, toNs, stolen] of [
    [100, 200, 0],
    // Somewhere between two samples: it may have been in this time.
    [210, 290, 10],
    [190, 210, 10],
    [300, 400, 0],
    [150, 390, 10],
    [50, 150, null],
    [350, 450, null],
  ] as const) {
    it(`says ${stolen} from ${fromNs} to ${toNs}`, () => {
      assert.equal(stolenBetween(samples, fromNs, toNs), stolen);
    });
  }
});
