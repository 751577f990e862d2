import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Deadlines } from "#wsrally/backend/deadlines.js";
import { monotonicClock } from "#wsrally/base/clock.js";
import { TimerQueue } from "#wsrally/base/timers.js";

function runUntil(timers: TimerQueue, isDone: () => boolean): void {
  while (!isDone()) timers.runDue(monotonicClock.now());
}

describe("Deadlines", () => {
  it("ends in order those that are still there when their time is up, and no sooner", () => {
    const timers = new TimerQueue();
    const expired: [item: string, atNs: number][] = [];
    const deadlines = new Deadlines<string>(timers, 2e6, (item) =>
      expired.push([item, monotonicClock.now()]),
    );
    const beganNs = monotonicClock.now();
    for (const item of ["a", "b", "c", "d"]) deadlines.add(item);
    deadlines.remove("a");
    deadlines.remove("c");
    runUntil(timers, () => expired.length === 2);
    assert.deepEqual(
      expired.map(([item]) => item),
      ["b", "d"],
    );
    assert.ok(expired.every(([, atNs]) => atNs - beganNs >= 2e6));
    assert.equal(timers.nextNs(), Number.POSITIVE_INFINITY);
  });

  it("keeps one timer for all, and the time of one that is added twice", () => {
    const timers = new TimerQueue();
    const expired: number[] = [];
    const deadlines = new Deadlines<number>(timers, 1e6, (item) => expired.push(item));
    deadlines.add(1);
    const firstNs = timers.nextNs();
    for (let item = 2; item <= 100; item++) deadlines.add(item);
    deadlines.add(1);
    assert.equal(timers.nextNs(), firstNs);
    runUntil(timers, () => expired.length === 100);
    assert.equal(expired[0], 1);
    deadlines.add(1);
    runUntil(timers, () => expired.length === 101);
  });
});
