import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TimerQueue } from "#wsrally/base/timers.js";
import type { Ns } from "#wsrally/base/units.js";
import { startOpener } from "#wsrally/load/opener.js";

const stopped = { now: () => 0 as Ns };

describe("startOpener()", () => {
  it("keeps to its limit of handshakes at once and opens every connection once", async () => {
    const open: number[] = [];
    let under = 0;
    let most = 0;
    await new Promise<void>((done) => {
      const opener = startOpener({
        connections: 1000,
        rampPerS: null,
        firstAlone: false,
        clock: stopped,
        timers: new TimerQueue(),
        open: (connection) => {
          open.push(connection);
          most = Math.max(most, ++under);
          setImmediate(() => {
            under--;
            opener.settled();
          });
        },
        done,
      });
    });
    assert.deepEqual(
      open,
      Array.from({ length: 1000 }, (_, index) => index),
    );
    assert.ok(most <= 128, `${most}`);
  });

  it("opens the first alone where the others are to resume its session", () => {
    const open: number[] = [];
    const opener = startOpener({
      connections: 10,
      rampPerS: null,
      firstAlone: true,
      clock: stopped,
      timers: new TimerQueue(),
      open: (connection) => void open.push(connection),
      done: () => undefined,
    });
    assert.deepEqual(open, [0]);
    opener.settled();
    assert.equal(open.length, 10);
  });

  it("is done at once with nothing to open", () => {
    let isDone = false;
    startOpener({
      connections: 0,
      rampPerS: null,
      firstAlone: false,
      clock: stopped,
      timers: new TimerQueue(),
      open: () => assert.fail(),
      done: () => {
        isDone = true;
      },
    });
    assert.equal(isDone, true);
  });

  it("follows the ramp, however fast the handshakes are", () => {
    const timers = new TimerQueue();
    let nowNs = 0;
    const waiting: (() => void)[] = [];
    let opened = 0;
    const opener = startOpener({
      connections: 50,
      rampPerS: 100,
      firstAlone: false,
      clock: { now: () => nowNs as Ns },
      timers,
      open: () => {
        opened++;
        waiting.push(() => opener.settled());
      },
      done: () => undefined,
    });
    for (; nowNs < 200e6; nowNs += 1e6) {
      timers.runDue(nowNs);
      for (const settle of waiting.splice(0)) settle();
    }
    assert.equal(opened, 20, "after 200 ms at 100 a second");
  });
});
