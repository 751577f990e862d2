import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import type { Ns } from "#wsrally/base/units.js";
import { startOpenLoop } from "#wsrally/load/open-loop.js";
import { createUniformPacer } from "#wsrally/load/pacer.js";

/** A clock and timers that move only by `pass`. */
function fakeTime(): { now: () => Ns; pass: (ms: number) => void; jump: (ms: number) => void } {
  mock.timers.enable({ apis: ["setTimeout"] });
  let nowNs = 0;
  return {
    now: () => nowNs as Ns,
    pass(ms) {
      for (let i = 0; i < ms; i++) {
        nowNs += 1e6;
        mock.timers.tick(1);
      }
    },
    jump(ms) {
      nowNs += ms * 1e6;
      mock.timers.tick(ms);
    },
  };
}

describe("createUniformPacer()", () => {
  it("spaces messages evenly from its phase on", () => {
    const pacer = createUniformPacer(1000, 0.25);
    assert.deepEqual([0, 1, 2].map(pacer.dueNs), [250_000, 1_250_000, 2_250_000]);
  });

  it("together with the other threads' is as even as one", () => {
    const threads = [0, 1, 2].map((index) => createUniformPacer(1000, index / 3));
    const due = threads.flatMap((pacer) => Array.from({ length: 5 }, (_, index) => pacer.dueNs(index)));
    const sorted = due.sort((a, b) => a - b);
    const gaps = sorted.slice(1).map((value, index) => Math.round(value - (sorted[index] as number)));
    assert.ok(
      gaps.every((gap) => Math.abs(gap - 1e6 / 3) <= 1),
      `${gaps}`,
    );
  });
});

describe("startOpenLoop()", () => {
  it("sends exactly rate × time messages, none before it is due", () => {
    const time = fakeTime();
    const sent: number[] = [];
    let isDone = false;
    startOpenLoop({
      pacer: createUniformPacer(400, 0),
      startNs: 0,
      endNs: 1e9,
      clock: { now: time.now },
      send: (intendedNs) => {
        assert.ok(intendedNs <= time.now());
        sent.push(intendedNs);
      },
      done: () => {
        isDone = true;
      },
    });
    time.pass(1100);
    mock.timers.reset();
    assert.equal(sent.length, 400);
    assert.equal(isDone, true);
  });

  it("sends late what fell due during a stall, with the instants it was due, and skips nothing", () => {
    const time = fakeTime();
    const sent: number[] = [];
    startOpenLoop({
      pacer: createUniformPacer(1000, 0),
      startNs: 0,
      endNs: 1e9,
      clock: { now: time.now },
      send: (intendedNs) => void sent.push(intendedNs),
      done: () => undefined,
    });
    time.pass(100);
    time.jump(500);
    time.pass(500);
    mock.timers.reset();
    assert.equal(sent.length, 1000);
    assert.deepEqual(
      sent,
      Array.from({ length: 1000 }, (_, index) => index * 1e6),
    );
  });

  it("stops when told to", () => {
    const time = fakeTime();
    let sent = 0;
    const stop = startOpenLoop({
      pacer: createUniformPacer(1000, 0),
      startNs: 0,
      endNs: 1e9,
      clock: { now: time.now },
      send: () => {
        sent++;
      },
      done: () => undefined,
    });
    time.pass(10);
    const until = sent;
    stop();
    time.pass(100);
    mock.timers.reset();
    assert.equal(sent, until);
  });
});
