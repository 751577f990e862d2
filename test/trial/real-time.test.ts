/** Which parts of a run may have real-time priority. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProxyCost } from "#wsrally/trial/proxy-cost.js";
import { leaveTime, RealTime } from "#wsrally/trial/real-time.js";
import type { TrialRecord } from "#wsrally/trial/trial-record.js";

const apart = { proxy: [1], generator: [0], backend: [2] };
const together = { proxy: [1], generator: [0], backend: [0] };

type Seen = Parameters<typeof leaveTime>[0][number];

function seen(proxyCost: ProxyCost | null, generator = 0.2, backendCpuShare: number | null = 0.2): Seen {
  return { proxyCost, generator: { cpuShare: generator } as TrialRecord["generator"], backendCpuShare };
}

function costOf(cpuShare: number | null, workers: readonly (number | null)[]): ProxyCost {
  const rows = workers.map((share) => ({ title: null, cpuShare: share, descriptors: null }));
  return { cpuShare, workers: rows } as unknown as ProxyCost;
}

describe("leaveTime()", () => {
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
    it(`is ${leaves} of a proxy where there ${what}`, () => {
      assert.equal(leaveTime([seen(proxyCost)], apart).proxies, leaves);
    });
  }

  for (const [what, generator, backend, placement, leave] of [
    ["each leave their own time", 0.6, 0.6, apart, true],
    ["leave none where they share one", 0.5, 0.45, together, false],
    ["leave time on the one they share", 0.4, 0.25, together, true],
    ["leave none, by the generator", 0.95, 0.1, apart, false],
    ["leave none, by the backend", 0.1, 0.95, apart, false],
  ] as const) {
    it(`is ${leave} of ends that ${what}`, () => {
      const trials = [seen(null), seen(null, generator, backend)];
      assert.equal(leaveTime(trials, placement).ends, leave);
    });
  }
});

describe("RealTime", () => {
  it("gives it to no part that shares a processor with a proxy, or need not have it", () => {
    const all = { proxies: true, ends: true };
    const none = { proxies: false, ends: false };
    const shared = new RealTime({ placement: { ...apart, proxy: [0, 1] }, backendPids: [], mayEnds: true });
    assert.deepEqual(shared.take(all), none);
    const farAway = new RealTime({ placement: apart, backendPids: [], mayEnds: false });
    assert.equal(farAway.take(all).ends, false);
    assert.deepEqual(farAway.take(none), none);
    assert.deepEqual(farAway.parts, none);
  });
});
