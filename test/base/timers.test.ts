import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { monotonicClock } from "#wsrally/base/clock.js";
import { createNodeTimers, TimerQueue } from "#wsrally/base/timers.js";
import { fc } from "../support/seeded-fast-check.js";

describe("TimerQueue", () => {
  it("fires in the order of time, each once, none early", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 50 }), (times) => {
        const queue = new TimerQueue();
        const fired: number[] = [];
        for (const time of times) queue.at(time, () => void fired.push(time));
        for (let now = 0; now <= 1000; now += 7) {
          queue.runDue(now);
          assert.ok(fired.every((time) => time <= now));
        }
        queue.runDue(1001);
        assert.deepEqual(
          fired,
          [...times].sort((a, b) => a - b),
        );
        assert.equal(queue.nextNs(), Number.POSITIVE_INFINITY);
      }),
    );
  });

  it("takes timers back, and lets one set by another wait for the next turn", () => {
    const queue = new TimerQueue();
    const fired: string[] = [];
    const cancel = queue.at(5, () => void fired.push("cancelled"));
    queue.at(5, () => {
      fired.push("first");
      queue.at(1, () => void fired.push("second"));
    });
    cancel();
    cancel();
    queue.runDue(10);
    assert.deepEqual(fired, ["first"]);
    assert.equal(queue.nextNs(), 1);
    queue.runDue(10);
    assert.deepEqual(fired, ["first", "second"]);
  });
});

describe("createNodeTimers()", () => {
  it("never fires early, by no fraction of a millisecond", async () => {
    const timers = createNodeTimers();
    for (const delayNs of [0, 300_000, 1_700_000, 5_500_000]) {
      const timeNs = monotonicClock.now() + delayNs;
      await new Promise<void>((resolve) => timers.at(timeNs, resolve));
      assert.ok(monotonicClock.now() >= timeNs);
    }
  });

  it("takes timers back", async () => {
    const timers = createNodeTimers();
    timers.at(monotonicClock.now() + 1e6, () => assert.fail("it was taken back"))();
    await new Promise<void>((resolve) => timers.at(monotonicClock.now() + 5e6, resolve));
  });
});
