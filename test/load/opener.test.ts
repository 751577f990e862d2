import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { startOpener } from "#wsrally/load/opener.js";

describe("startOpener()", () => {
  it("keeps to its limit of handshakes at once and opens every connection once", async () => {
    const open: number[] = [];
    let under = 0;
    let most = 0;
    const opener = startOpener({
      connections: 1000,
      rampPerS: null,
      now: () => 0,
      open: (connection) => {
        open.push(connection);
        most = Math.max(most, ++under);
        setImmediate(() => {
          under--;
          opener.settled();
        });
      },
    });
    await opener.done;
    assert.deepEqual(
      open,
      Array.from({ length: 1000 }, (_, index) => index),
    );
    assert.ok(most <= 128, `${most}`);
  });

  it("is done at once with nothing to open", () => {
    return startOpener({ connections: 0, rampPerS: null, now: () => 0, open: () => assert.fail() }).done;
  });

  it("follows the ramp, however fast the handshakes are", () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    let nowMs = 0;
    let opened = 0;
    const opener = startOpener({
      connections: 50,
      rampPerS: 100,
      now: () => nowMs * 1e6,
      open: () => {
        opened++;
        queueMicrotask(() => opener.settled());
      },
    });
    for (; nowMs < 200; nowMs++) mock.timers.tick(1);
    mock.timers.reset();
    assert.ok(opened >= 20 && opened <= 21, `${opened} after 200 ms at 100 a second`);
  });
});
