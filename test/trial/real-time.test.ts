/** When a proxy may run at real-time priority. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProxyCost } from "#wsrally/trial/proxy-cost.js";
import { leavesTime } from "#wsrally/trial/real-time.js";

function costOf(cpuShare: number | null, workers: readonly (number | null)[]): ProxyCost {
  const rows = workers.map((share) => ({ title: null, cpuShare: share, descriptors: null }));
  return { cpuShare, workers: rows } as unknown as ProxyCost;
}

describe("leavesTime()", () => {
  for (const [what, proxyCost, leaves] of [
    ["is no proxy", null, true],
    ["has one worker with time to spare", costOf(0.41, [0.4]), true],
    ["has one worker without", costOf(0.72, [0.71]), false],
    ["has workers that share the work", costOf(1.2, [0.6, 0.6]), true],
    ["has a busy worker among idle ones", costOf(0.9, [0.1, 0.8, null]), false],
    ["tells only what all its processes used", costOf(0.5, []), true],
    ["tells only that they used much", costOf(0.9, [null]), false],
    ["tells nothing", costOf(null, []), false],
  ] as const) {
    it(`is ${leaves} where there ${what}`, () => {
      assert.equal(leavesTime({ proxyCost }), leaves);
    });
  }
});
