import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rateStepTimes, searchWindowS } from "#wsrally/trial/capacity/find-rates.js";

const unset = { connections: 1000, warmupS: null, durationS: null };

describe("searchWindowS()", () => {
  for (const [limitS, windowS] of [
    [null, 2],
    [0.02, 2],
    [0.1, 2],
    [0.2, 4],
    [1, 5],
  ] as const) {
    it(`lasts ${windowS} s for a limit of ${limitS} s`, () => assert.equal(searchWindowS(limitS), windowS));
  }
});

describe("rateStepTimes()", () => {
  for (const [what, workload, ratePerS, quantile, warmupS, durationS] of [
    ["two seconds at a high rate", unset, 50_000, 0.99, 0.4, 2],
    ["until p99 has its 5,000 messages", unset, 2000, 0.99, 1, 2.5],
    ["five seconds and no longer for precision", unset, 900, 0.99, 1, 5],
    ["as long as p99 takes to be told at all", unset, 150, 0.99, 1, 8],
    ["twenty seconds at most", unset, 1, 0.99, 1, 20],
    ["two seconds without a percentile", unset, 10, null, 1, 2],
    ["what was asked for", { connections: 10, warmupS: 0, durationS: 0.3 }, 50_000, 0.99, 0, 0.3],
    [
      "longer than asked for where p99 could not be told",
      { ...unset, warmupS: 0, durationS: 0.3 },
      600,
      0.99,
      0,
      2,
    ],
  ] as const) {
    it(`measures ${what}`, () => {
      const times = rateStepTimes(workload, ratePerS, { quantile, leastS: 2 });
      assert.ok(Math.abs(times.warmupS - warmupS) < 1e-9, String(times.warmupS));
      assert.ok(Math.abs(times.durationS - durationS) < 1e-6, String(times.durationS));
    });
  }
});
