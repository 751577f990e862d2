import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPrng } from "#wsrally/base/prng.js";
import { drawEpoch, planSlots } from "#wsrally/trial/epoch/slot-plan.js";
import { fc } from "../../support/seeded-fast-check.js";

const load = { ratePerS: 5500, warmupS: 0.4, durationS: 1 };
const { ratePerS } = load;
const warmupS = 0.2;

describe("planSlots()", () => {
  const rows = [
    { what: "a usual load", load: {}, arms: 2, wanted: { slotS: 0.1, cycles: 10 } },
    {
      what: "longer slots for fewer messages",
      load: { ratePerS: 2000 },
      arms: 2,
      wanted: { slotS: 0.3, cycles: 3 },
    },
    {
      what: "a slot more where the gaps would leave too few messages",
      load: { ratePerS: 5000 },
      arms: 2,
      messages: 5000,
      wanted: { slotS: 0.1, cycles: 12 },
    },
    {
      what: "no slot more where there are enough",
      load: { ratePerS: 10_000 },
      arms: 2,
      messages: 5000,
      wanted: { slotS: 0.1, cycles: 10 },
    },
    {
      what: "no slot more where a window of its own would not hold them",
      load: { ratePerS: 2500 },
      arms: 2,
      messages: 5000,
      wanted: { slotS: 0.2, cycles: 6 },
    },
    { what: "a window for the tail", load: { durationS: 3 }, arms: 3, wanted: { slotS: 0.1, cycles: 30 } },
    {
      what: "slots that would hold too little",
      load: { ratePerS: 500, durationS: 5 },
      arms: 2,
      wanted: null,
    },
    { what: "a window too short to alternate", load: { durationS: 0.2 }, arms: 2, wanted: null },
    { what: "an epoch too long for its slices", load: { durationS: 5 }, arms: 4, wanted: null },
    { what: "a closed loop", load: { ratePerS: null }, arms: 2, wanted: null },
  ];
  for (const { what, load: changed, arms, messages = 0, wanted } of rows) {
    it(`${wanted === null ? "refuses" : "takes"} ${what}`, () => {
      const planned = planSlots({ ...load, ...changed }, arms, messages, null);
      const expected = wanted && { ...wanted, warmupS: 0.2 };
      assert.deepEqual(planned && { ...planned, slotS: Number(planned.slotS.toFixed(6)) }, expected);
    });
  }

  it("warms up for half as long as a trial of its own, or for what was asked", () => {
    const warmupOf = (asked: number | null): number | undefined => planSlots(load, 2, 0, asked)?.warmupS;
    assert.deepEqual([null, 0, 0.4, 2].map(warmupOf), [0.2, 0, 0.4, 2]);
  });
});

describe("drawEpoch()", () => {
  const slot = 0.2;
  const epochs = fc.record({
    arms: fc.integer({ min: 2, max: 5 }),
    cycles: fc.integer({ min: 3, max: 10 }),
    seed: fc.integer({ min: 1, max: 1e9 }),
  });

  it("gives each arm one slot of every cycle, and load to one arm at a time", () => {
    fc.assert(
      fc.property(epochs, ({ arms, cycles, seed }) => {
        const epoch = drawEpoch({ slotS: slot, cycles, warmupS }, ratePerS, arms, createPrng(seed));
        assert.ok(Math.abs(epoch.durationS - arms * cycles * slot) < 1e-9);
        for (let turn = 0; turn < arms * cycles; turn++) {
          const owners = epoch.arms.filter(({ owns }) => owns(turn * slot * 1e9));
          assert.equal(owners.length, 1, `turn ${turn}`);
          const [owner] = owners;
          const middleS = epoch.warmupS + (turn + 0.5) * slot;
          const loads = epoch.arms.map(({ legs }) => rateAt(legs, middleS));
          assert.equal(
            loads.reduce((sum, rate) => sum + rate),
            ratePerS,
          );
          assert.equal(rateAt(owner?.legs ?? [], middleS), ratePerS);
          assert.ok(
            epoch.arms.every(({ legs }) => rateAt(legs, middleS + slot / 2 - 0.001) === 0),
            "a gap ends it",
          );
        }
        for (let cycle = 0; cycle < cycles; cycle++) {
          const turns = Array.from({ length: arms }, (_, at) => (cycle * arms + at) * slot * 1e9);
          for (const { owns } of epoch.arms) assert.equal(turns.filter(owns).length, 1);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("tells when nobody sends, before the window's first slot and at each slot's end", () => {
    const epoch = drawEpoch({ slotS: slot, cycles: 4, warmupS }, ratePerS, 2, createPrng(3));
    for (const { silences, legs } of epoch.arms) {
      assert.equal(silences.length, 9);
      for (const { fromNs, toNs } of silences) {
        const middleS = (fromNs + toNs) / 2 / 1e9;
        assert.ok(toNs > fromNs && toNs <= epoch.durationS * 1e9 + 1);
        for (const s of [fromNs / 1e9 + 1e-6, middleS, toNs / 1e9 - 1e-6])
          assert.equal(rateAt(legs, epoch.warmupS + s), 0, `${s}`);
      }
    }
  });

  it("warms each arm up alone, and is silent when the window opens", () => {
    const epoch = drawEpoch({ slotS: slot, cycles: 5, warmupS }, ratePerS, 2, createPrng(1));
    for (const [index, { legs, loadedNs, warmupNs }] of epoch.arms.entries()) {
      const before = legs.slice(0, 5);
      const sent = before.reduce((sum, { forS, from }) => sum + forS * from, 0);
      assert.ok(Math.abs(sent - ratePerS * warmupS) < 1e-6, `arm ${index}`);
      assert.equal(rateAt(legs, epoch.warmupS - 0.02), 0);
      assert.equal(warmupNs, warmupS * 1e9);
      const measured = legs.slice(5).reduce((sum, { forS, from }) => sum + (from > 0 ? forS : 0), 0);
      assert.ok(Math.abs(measured - loadedNs / 1e9) < 1e-9);
    }
  });

  it("draws the order of every cycle anew, either first about as often", () => {
    const prng = createPrng(7);
    const firsts = Array.from({ length: 200 }, () =>
      drawEpoch({ slotS: slot, cycles: 5, warmupS }, ratePerS, 2, prng),
    ).flatMap(({ arms }) =>
      Array.from({ length: 5 }, (_, cycle) => arms[0]?.owns(cycle * 2 * slot * 1e9) === true),
    );
    const share = firsts.filter(Boolean).length / firsts.length;
    assert.ok(Math.abs(share - 0.5) < 0.05, `${share}`);
  });
});

function rateAt(legs: readonly { readonly forS: number; readonly from: number }[], atS: number): number {
  let endS = 0;
  for (const { forS, from } of legs) {
    endS += forS;
    if (atS < endS - 1e-9) return from;
  }
  return 0;
}
