/** The highest paced load at which generator and backend have time to spare, for parts whose costs are known. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bearableRate, ownShare } from "#wsrally/trial/bearable-rate.js";
import { fc } from "../support/seeded-fast-check.js";

/** A processor's share at a rate: each message has a cost, and at low rates a wake-up of its own. */
function processor(usPerMessage: number, usPerWakeUp: number): (ratePerS: number) => number {
  return (ratePerS) => Math.min(1, (ratePerS / 1e6) * (usPerMessage + usPerWakeUp / (1 + ratePerS / 10_000)));
}

async function settle(wanted: number, shareAt: (ratePerS: number) => number) {
  const tried: number[] = [];
  const rate = await bearableRate(wanted, async (ratePerS) => {
    tried.push(ratePerS);
    return shareAt(ratePerS);
  });
  return { rate, tried };
}

describe("bearableRate()", () => {
  it("is the wanted rate, tried once, where that leaves time to spare", async () => {
    assert.deepEqual(await settle(5000.4, processor(20, 20)), { rate: 5000, tried: [5000] });
  });

  it("goes down where the wanted rate would keep them busy, until they have time to spare", async () => {
    const shareAt = processor(40, 60);
    assert.ok(shareAt(14_400) > 0.9, "too busy at first");
    const { rate, tried } = await settle(14_400, shareAt);
    assert.equal(tried[0], 14_400);
    assert.ok(shareAt(rate) <= 0.65, `${rate}/s: ${shareAt(rate)}`);
    assert.ok(shareAt(rate) > 0.5, `${rate}/s is lower than it need be: ${shareAt(rate)}`);
  });

  it("is never above what was wanted, never 0, and takes two tries at most", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.1, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 500, noNaN: true }),
        fc.double({ min: 0, max: 500, noNaN: true }),
        async (wanted, message, wakeUp) => {
          const { rate, tried } = await settle(wanted, processor(message, wakeUp));
          assert.ok(rate >= 1 && rate <= Math.max(1, Math.round(wanted)) && Number.isInteger(rate));
          assert.ok(tried.length >= 1 && tried.length <= 2);
        },
      ),
    );
  });
});

describe("ownShare()", () => {
  for (const [what, generator, backend, placement, share] of [
    ["both together on the processor that they share", 0.4, 0.3, { generator: [0], backend: [0] }, 0.7],
    ["the busier where each has its own", 0.4, 0.3, { generator: [0], backend: [1] }, 0.4],
    ["the busier of several", 0.2, 0.3, { generator: [0, 1], backend: [2, 3] }, 0.3],
    ["the busier where nothing is placed", 0.2, 0.3, { generator: null, backend: null }, 0.3],
    ["the generator where the backend is somebody else's", 0.2, null, { generator: [0], backend: [0] }, 0.2],
  ] as const) {
    it(`is of ${what}`, () => {
      const found = ownShare({ generator: { cpuShare: generator }, backendCpuShare: backend }, placement);
      assert.ok(Math.abs(found - share) < 1e-12);
    });
  }
});
