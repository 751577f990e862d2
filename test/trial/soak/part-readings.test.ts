import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pushedBetween } from "#wsrally/trial/soak/part-readings.js";

describe("pushes of a soak's windows", () => {
  it("add up to what had been pushed at the last reading, from the soak's beginning on", () => {
    const readings = [
      { due: 3, sent: 3 },
      { due: 107, sent: 107 },
      { due: 204, sent: 180 },
      { due: 400, sent: 400 },
    ].map((pushes) => ({ pushes }));
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
    assert.equal(pushedBetween({ pushes: { due: 3, sent: 3 } }, { pushes: null }), null);
  });
});
