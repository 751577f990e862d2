import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startOpenLoop } from "#wsrally/base/open-loop.js";
import { createPoissonPacer, createUniformPacer } from "#wsrally/base/pacer.js";
import { createPrng } from "#wsrally/base/prng.js";
import { TimerQueue } from "#wsrally/base/timers.js";
import type { Ns } from "#wsrally/base/units.js";

/** A loop whose clock moves only by `pass`, a millisecond a turn, or by `jump`, in one. */
function fakeLoop(ratePerS: number) {
  const timers = new TimerQueue();
  const sent: number[] = [];
  let nowNs = 0;
  let isDone = false;
  const turn = (ns: number): void => {
    nowNs += ns;
    timers.runDue(nowNs);
  };
  const stop = startOpenLoop({
    pacer: createUniformPacer(ratePerS, 0),
    startNs: 0,
    endNs: 1e9,
    clock: { now: () => nowNs as Ns },
    timers,
    send: (intendedNs) => {
      assert.ok(intendedNs <= nowNs, "never before it is due");
      sent.push(intendedNs);
    },
    done: () => {
      isDone = true;
    },
  });
  return {
    sent,
    stop,
    isDone: () => isDone,
    pass: (turns: number) => {
      for (let i = 0; i < turns; i++) turn(1e6);
    },
    jump: turn,
  };
}

describe("createUniformPacer()", () => {
  it("spaces messages evenly from its phase on", () => {
    const pacer = createUniformPacer(1000, 0.25);
    assert.deepEqual([pacer.nextNs(), pacer.nextNs(), pacer.nextNs()], [250_000, 1_250_000, 2_250_000]);
  });

  it("together with the other threads' is as even as one", () => {
    const threads = [0, 1, 2].map((index) => createUniformPacer(1000, index / 3));
    const due = threads.flatMap((pacer) => Array.from({ length: 5 }, () => pacer.nextNs()));
    const sorted = due.sort((a, b) => a - b);
    const gaps = sorted.slice(1).map((value, index) => Math.round(value - (sorted[index] as number)));
    assert.ok(
      gaps.every((gap) => Math.abs(gap - 1e6 / 3) <= 1),
      `${gaps}`,
    );
  });
});

describe("createPoissonPacer()", () => {
  it("has exponential gaps of the asked mean", () => {
    const pacer = createPoissonPacer(1000, createPrng(5));
    const due = Array.from({ length: 20_000 }, () => pacer.nextNs());
    const gaps = due.map((value, index) => value - (due[index - 1] ?? 0));
    const mean = (due.at(-1) as number) / due.length;
    assert.ok(Math.abs(mean / 1e6 - 1) < 0.03, `mean ${mean}`);
    // P(gap > mean) = 1/e of an exponential distribution.
    const beyond = gaps.filter((gap) => gap > 1e6).length / gaps.length;
    assert.ok(Math.abs(beyond - Math.exp(-1)) < 0.02, `${beyond}`);
    assert.ok(gaps.every((gap) => gap >= 0));
  });
});

describe("startOpenLoop()", () => {
  it("sends exactly rate × time messages, none before it is due", () => {
    const loop = fakeLoop(400);
    loop.pass(1100);
    assert.equal(loop.sent.length, 400);
    assert.equal(loop.isDone(), true);
  });

  it("sends late what fell due during a stall, with the instants it was due, and skips nothing", () => {
    const loop = fakeLoop(1000);
    loop.pass(100);
    loop.jump(500e6);
    loop.pass(500);
    assert.deepEqual(
      loop.sent,
      Array.from({ length: 1000 }, (_, index) => index * 1e6),
    );
  });

  it("looks at replies between the parts of a backlog", () => {
    const loop = fakeLoop(1000);
    loop.jump(500e6);
    assert.equal(loop.sent.length, 64 + 1, "one at the start, then no more than so many in a turn");
  });

  it("stops when told to", () => {
    const loop = fakeLoop(1000);
    loop.pass(10);
    const until = loop.sent.length;
    loop.stop();
    loop.pass(100);
    assert.equal(loop.sent.length, until);
  });
});
