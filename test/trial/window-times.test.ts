/** When a trial's load starts, is measured and ends. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadedNs, windowTimes } from "#wsrally/trial/window-times.js";
import { fc } from "../support/seeded-fast-check.js";

const startNs = 1e15;
const duration = fc.integer({ min: 1, max: 10_000 }).map((ms) => ms * 1e6);
const warmup = fc.integer({ min: 0, max: 1000 }).map((ms) => ms * 1e6);

describe("the times of a measured window", () => {
  it("have everything read outside of it, while the load goes on", () => {
    fc.assert(
      fc.property(warmup, duration, (warmupNs, durationNs) => {
        const { measureNs, endNs, readingsNs, sendUntilNs } = windowTimes(startNs, { warmupNs, durationNs });
        assert.equal(measureNs - startNs, warmupNs);
        assert.equal(endNs - measureNs, durationNs);
        assert.ok(readingsNs.first >= startNs && readingsNs.first <= measureNs);
        assert.ok(readingsNs.last >= endNs && readingsNs.last <= sendUntilNs);
      }),
    );
  });

  it("have no load outside of the window without a warm-up, and some milliseconds of it with one", () => {
    const around = (warmupNs: number): readonly number[] => {
      const { measureNs, endNs, readingsNs, sendUntilNs } = windowTimes(startNs, {
        warmupNs,
        durationNs: 1e9,
      });
      return [measureNs - readingsNs.first, readingsNs.last - endNs, sendUntilNs - endNs];
    };
    assert.deepEqual(around(0), [0, 0, 0]);
    assert.deepEqual(around(4e6), [4e6, 2e6, 4e6]);
    assert.deepEqual(around(250e6), [6e6, 2e6, 7e6]);
  });
});

describe("how long there was load between two moments", () => {
  const ms = 1e6;
  for (const [what, warmupMs, from, to, loaded] of [
    ["between the readings that were planned", 250, 244, 1252, 1008],
    ["when the last one came after the load's end", 250, 244, 1300, 1013],
    ["without a warm-up, when both came late", 0, 1, 1003, 999],
    ["when there was none", 0, 1001, 1003, 0],
  ] as const) {
    it(`is told ${what}`, () => {
      const times = windowTimes(startNs, { warmupNs: warmupMs * ms, durationNs: 1000 * ms });
      assert.equal(loadedNs(times, startNs + from * ms, startNs + to * ms) / ms, loaded);
    });
  }
});
