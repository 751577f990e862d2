import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { machineLoadOf, parseMachineTime } from "#wsrally/trial/machine-load.js";

describe("parseMachineTime()", () => {
  it("adds up what was spent, and keeps what was stolen apart", () => {
    const text = "cpu  100 2 30 4000 50 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\n";
    assert.deepEqual(parseMachineTime(text), { busyNs: (100 + 2 + 30 + 6 + 7) * 1e7, stealNs: 8e7 });
  });

  it("tells nothing of what it does not know", () => {
    assert.equal(parseMachineTime("intr 1 2 3"), null);
    assert.equal(parseMachineTime("cpu  1 2 3"), null);
  });
});

describe("machineLoadOf()", () => {
  const first = { busyNs: 1e9, stealNs: 0 };
  it("leaves what the run itself spent out of the others' share", () => {
    const last = { busyNs: 2.5e9, stealNs: 1e8 };
    assert.deepEqual(machineLoadOf(first, last, { lengthNs: 1e9, ownNs: 1.2e9 }), {
      stealShare: 0.1,
      otherShare: 0.3,
    });
  });

  it("never comes below nothing", () => {
    const load = machineLoadOf(first, { busyNs: 1.5e9, stealNs: 0 }, { lengthNs: 1e9, ownNs: 0.51e9 });
    assert.equal(load?.otherShare, 0);
  });

  it("is unknown where the system does not tell", () => {
    assert.equal(machineLoadOf(null, first, { lengthNs: 1, ownNs: 0 }), null);
  });
});
