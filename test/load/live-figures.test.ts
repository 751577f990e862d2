import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLiveMemory, LiveWriter, readLiveFigures } from "#wsrally/load/live-figures.js";
import { fc } from "../support/seeded-fast-check.js";

describe("live figures", () => {
  it("sum the threads' counters and have no percentile before the first reply", () => {
    const memories = [createLiveMemory(), createLiveMemory()];
    for (const memory of memories) new LiveWriter(memory).add("opened");
    const figures = readLiveFigures(memories);
    assert.deepEqual([figures.opened, figures.failed, figures.sent, figures.received], [2, 0, 0, 0]);
    assert.deepEqual([figures.p50Ns, figures.p99Ns], [null, null]);
  });

  it("tell how fast connections open, in the time of the thread that took longest, whatever its clock says", () => {
    const [first, second] = [createLiveMemory(), createLiveMemory()];
    const opened = (memory: SharedArrayBuffer, timesMs: readonly number[]): void => {
      const writer = new LiveWriter(memory);
      for (const ms of timesMs) writer.opened(ms * 1e6);
    };
    opened(first, [1000]);
    assert.equal(readLiveFigures([first, second]).openingPerS, null, "one tells nothing");
    opened(first, [1001, 1004]);
    opened(second, [77, 79]);
    const { opened: count, openingPerS } = readLiveFigures([first, second]);
    // Two behind the first of the one and one behind that of the other, in 4 ms.
    assert.deepEqual([count, openingPerS], [5, 750]);
  });

  it("count beyond 32 bits, for a soak sends for days", () => {
    const memory = createLiveMemory();
    new Float64Array(memory).fill(2 ** 32);
    new LiveWriter(memory).add("sent");
    assert.equal(readLiveFigures([memory]).sent, 2 ** 32 + 1);
  });

  it("give percentiles within 10 %", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 100, max: 2_000_000_000 }), { minLength: 1, maxLength: 200 }),
        (values) => {
          const memory = createLiveMemory();
          const writer = new LiveWriter(memory);
          for (const value of values) writer.addLatency(value);
          const exact = [...values].sort((a, b) => a - b)[Math.ceil(values.length / 2) - 1] as number;
          const found = readLiveFigures([memory]).p50Ns as number;
          assert.ok(Math.abs(found / exact - 1) < 0.1, `${found} for ${exact}`);
        },
      ),
    );
  });
});
