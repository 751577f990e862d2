import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TimerQueue } from "#wsrally/base/timers.js";
import type { Ns } from "#wsrally/base/units.js";
import { ThinkTimes } from "#wsrally/load/shape/think-times.js";

describe("think times", () => {
  it("of a connection that is back count from its last reply, and from none before", () => {
    const timers = new TimerQueue();
    const sent: number[] = [];
    const think = new ThinkTimes({
      think: { kind: "range", leastS: 1, mostS: 1 },
      seed: 1,
      connections: 2,
      clock: { now: () => 0 as Ns },
      timers,
      send: (connection) => void sent.push(connection),
    });
    think.replied(0, 0);
    think.replied(1, 0.1e9);
    // The first was lost meanwhile, is back, and has had a reply.
    think.replied(0, 0.5e9);
    timers.runDue(1.2e9);
    assert.deepEqual(sent, [1]);
    timers.runDue(1.6e9);
    assert.deepEqual(sent, [1, 0]);
  });
});
