import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type PartReading, pushedBetween } from "#wsrally/trial/soak/part-readings.js";

function reading(pushes: PartReading["pushes"]): PartReading {
  return {
    atMs: 0,
    atNs: 0,
    machine: null,
    ownNs: 0,
    proxy: {
      cpuNs: null,
      userTicks: null,
      systemTicks: null,
      voluntarySwitches: null,
      involuntarySwitches: null,
      rssBytes: null,
      processes: [],
    },
    descriptors: null,
    backendNs: null,
    pushes,
  };
}

describe("pushes of a soak's windows", () => {
  it("add up to what had been pushed at the last reading, from the soak's beginning on", () => {
    const readings = [
      { due: 3, sent: 3 },
      { due: 107, sent: 107 },
      { due: 204, sent: 180 },
      { due: 400, sent: 400 },
    ].map(reading);
    const windows = readings
      .slice(1)
      .map((now, index) => pushedBetween(index === 0 ? null : (readings[index] ?? null), now));
    assert.deepEqual(windows, [
      { due: 107, sent: 107 },
      { due: 97, sent: 73 },
      { due: 196, sent: 220 },
    ]);
  });

  it("are not told where the backend told nothing", () => {
    assert.equal(pushedBetween(reading({ due: 3, sent: 3 }), reading(null)), null);
  });
});
