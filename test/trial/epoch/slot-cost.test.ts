import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { slotCostOf } from "#wsrally/trial/epoch/slot-cost.js";
import { fc } from "../../support/seeded-fast-check.js";

const slotNs = 0.1e9;
/** Own slots at even places. */
const readings = {
  usedNs: [30e6, 1e6, 32e6, 3e6, 34e6, 0],
  slotNs,
  loadedNs: 0.264e9,
  owns: (slot: number) => slot % 2 === 0,
  messages: [1000, 1010, 1020],
  totalNs: 100e6,
};

describe("slotCostOf()", () => {
  it("tells what was used in the arm's own slots from what was used in those of others", () => {
    assert.deepEqual(slotCostOf(readings), {
      cpuNs: 96e6,
      messages: 3030,
      lengthNs: 0.264e9,
      idleCpuShare: 4e6 / 0.3e9,
    });
  });

  it("counts the messages of those of its slots that are told", () => {
    const missed = slotCostOf({ ...readings, usedNs: [30e6, 1e6, null, null, 34e6, 0] });
    assert.deepEqual(missed, {
      cpuNs: 64e6,
      messages: 2020,
      lengthNs: (0.264e9 * 2) / 3,
      idleCpuShare: 1e6 / 0.2e9,
    });
  });

  for (const [what, changes] of [
    ["of its own slots most were missed", { usedNs: [30e6, 1e6, null, 3e6, null, 0] }],
    ["of the others' most were missed", { usedNs: [30e6, null, 32e6, null, 34e6, 0] }],
    ["nothing was told", { usedNs: [null, null, null, null, null, null] }],
    ["processes came whose clocks nobody read", { totalNs: 110e6 }],
  ] as const) {
    it(`tells nothing where ${what}`, () => assert.equal(slotCostOf({ ...readings, ...changes }), null));
  }

  it("adds up to what was used in all, whoever has which slot", () => {
    const slot = fc.record({ ns: fc.nat({ max: 1e8 }), isOwn: fc.boolean() });
    fc.assert(
      fc.property(fc.array(slot, { minLength: 1, maxLength: 40 }), (slots) => {
        const own = slots.filter(({ isOwn }) => isOwn);
        const totalNs = slots.reduce((sum, { ns }) => sum + ns, 0);
        const cost = slotCostOf({
          usedNs: slots.map(({ ns }) => ns),
          slotNs,
          loadedNs: own.length * slotNs,
          owns: (at) => slots[at]?.isOwn === true,
          messages: own.map(() => 1),
          totalNs,
        });
        const waited = slots.length - own.length;
        if (own.length === 0 || waited === 0) assert.equal(cost, null);
        else
          assert.ok(Math.abs((cost?.cpuNs ?? 0) + (cost?.idleCpuShare ?? 0) * waited * slotNs - totalNs) < 1);
      }),
    );
  });
});
