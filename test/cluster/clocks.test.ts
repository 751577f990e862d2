/**
 * Clocks that are off, found by asking, and times that cross from one to the other.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPrng } from "#wsrally/base/prng.js";
import { measureOffset } from "#wsrally/cluster/clock-offset.js";
import { orderThere, replyHere } from "#wsrally/cluster/in-its-clock.js";
import type { StartOrder, ThreadReport, WindowMessage } from "#wsrally/load/messages.js";

describe("measureOffset()", () => {
  for (const offsetNs of [0, 1e6, -250.5e6, 77_777.123e9]) {
    it(`finds ${offsetNs / 1e6} ms to within half of the least round trip`, async () => {
      const prng = createPrng(7);
      let nowNs = 1e9;
      const way = (): number => 100e3 + prng.nextFloat() * 900e3;
      const { offsetNs: found, rttNs } = await measureOffset(
        () => {
          nowNs += way();
          const theirsNs = nowNs + offsetNs;
          nowNs += way();
          return Promise.resolve(theirsNs);
        },
        () => nowNs,
      );
      assert.ok(rttNs >= 200e3 && rttNs < 800e3, String(rttNs));
      assert.ok(Math.abs(found - offsetNs) <= rttNs / 2, `${found - offsetNs} of ${rttNs}`);
    });
  }

  it("asks less often where the way is long", async () => {
    let nowNs = 0;
    let asked = 0;
    await measureOffset(
      () => {
        asked++;
        nowNs += 200e6;
        return Promise.resolve(nowNs);
      },
      () => nowNs,
    );
    assert.equal(asked, 8);
  });
});

describe("times in another's clock", () => {
  const clock = { offsetNs: 1000, rttNs: 2 };

  it("move all moments of an order, and no duration", () => {
    const order: StartOrder = {
      startNs: 1,
      measureNs: 2,
      endNs: 3,
      readingsNs: { first: 4, last: 5 },
      sendUntilNs: 6,
      drainNs: 7,
      ratePerS: 8,
      arrivals: "uniform",
      phase: 0.5,
      windowNs: 9,
    };
    assert.deepEqual(orderThere(order, clock), {
      ...order,
      startNs: 1001,
      measureNs: 1002,
      endNs: 1003,
      readingsNs: { first: 1004, last: 1005 },
      sendUntilNs: 1006,
    });
  });

  it("leave an order without moments as it is", () => {
    assert.deepEqual(orderThere({ close: true }, clock), { close: true });
  });

  it("bring notes back, a window's and a report's, with their durations", () => {
    const note = { what: "back", atNs: 1500, downNs: 20 } as const;
    const here = [{ ...note, atNs: 500 }];
    const word = { window: 3, notes: [note] } as unknown as WindowMessage;
    const report = { startedNs: 1, notes: [note] } as unknown as ThreadReport;
    assert.deepEqual(replyHere({ kind: "word", word }, clock), {
      kind: "word",
      word: { ...word, notes: here },
    });
    assert.deepEqual(replyHere({ kind: "report", report }, clock), {
      kind: "report",
      report: { ...report, notes: here },
    });
  });

  it("leave a word without moments as it is", () => {
    const ready = { kind: "word", word: { opened: 7 } } as const;
    assert.deepEqual(replyHere(ready, clock), ready);
  });
});
