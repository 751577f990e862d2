import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { monotonicClock } from "#wsrally/base/clock.js";
import { usedBetween, watchSlots } from "#wsrally/trial/epoch/watch-slots.js";
import { linuxOnly } from "../../linux/support/linux-only.js";

describe("usedBetween()", () => {
  it("has the slot between two edges, and none beside an edge that was missed", () => {
    assert.deepEqual(usedBetween([10, 40, null, 60, 65], 5), [30, null, null, 5]);
  });

  it("has none beyond the last edge so far", () =>
    assert.deepEqual(usedBetween([10, 40], 4), [30, null, null]));
});

describe("watchSlots()", linuxOnly, () => {
  /** Slots of 0.3 s with silences of 0.2 s, long enough for a timer on a busy machine. */
  const silences = [-0.2, 0.1, 0.4].map((fromS) => ({ fromNs: fromS * 1e9, toNs: (fromS + 0.2) * 1e9 }));

  it("reads a process's clock in each silence", async () => {
    const measureNs = monotonicClock.now() + 0.25e9;
    const watch = watchSlots({ measureNs }, { silences }, [process.pid]);
    await delay(250);
    const before = process.cpuUsage();
    const untilNs = monotonicClock.now() + 50e6;
    while (monotonicClock.now() < untilNs);
    const { user, system } = process.cpuUsage(before);
    await delay(600);
    const [worked, waited] = watch?.usedNs() ?? [];
    assert.ok((worked ?? 0) >= (user + system) * 1e3, `${worked} with ${user + system} us`);
    assert.ok((waited ?? Number.POSITIVE_INFINITY) < (worked ?? 0), `${waited} of ${worked}`);
    watch?.stop();
  });

  it("tells nothing of a silence that has passed, nor of a process that is gone", async () => {
    const late = watchSlots({ measureNs: monotonicClock.now() - 1e9 }, { silences }, [process.pid]);
    const gone = watchSlots({ measureNs: monotonicClock.now() + 0.2e9 }, { silences }, [2 ** 22 + 1]);
    await delay(850);
    assert.deepEqual(
      [late?.usedNs(), gone?.usedNs()],
      [
        [null, null],
        [null, null],
      ],
    );
  });

  it("watches nothing without a process", () =>
    assert.equal(watchSlots({ measureNs: 0 }, { silences }, []), null));
});
