/** When the other side was last heard of, as the kernel keeps it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { epollEvents } from "#wsrally/linux/epoll.js";
import { PinnedBuffer } from "#wsrally/linux/pinned-buffer.js";
import { receiveBytes } from "#wsrally/linux/socket-bytes.js";
import { msSinceHeard } from "#wsrally/linux/socket-options.js";
import { linuxOnly, until } from "./support/linux-only.js";
import { untilReady, withLoopback } from "./support/loopback.js";

/** Two of the kernel's longest. */
const ticksMs = 20;

describe("msSinceHeard()", linuxOnly, () => {
  it("tells when data came that acknowledges nothing new, as a close frame behind unread replies", async () => {
    await withLoopback(async ({ connect, accepted }) => {
      const fd = await connect();
      await until(() => accepted.length === 1);
      accepted[0]?.write("early");
      await untilReady(fd, epollEvents.readable);
      await sleep(100);
      const before = performance.now();
      // Over the loopback it is there when the write is done.
      await new Promise((resolve) => accepted[0]?.write("late", resolve));
      const ago = msSinceHeard(fd);
      assert.ok(ago <= performance.now() - before, `${ago} ms ago, of ${performance.now() - before}`);
    });
  });

  it("tells when a stream ended, however late its end is read", async () => {
    await withLoopback(async ({ connect, accepted }) => {
      const fd = await connect();
      await until(() => accepted.length === 1);
      await sleep(60);
      const before = performance.now();
      accepted[0]?.end();
      await untilReady(fd, epollEvents.readable);
      const after = performance.now();
      await sleep(100);
      assert.equal(receiveBytes(fd, new PinnedBuffer(16)), 0);
      const asked = performance.now();
      const ago = msSinceHeard(fd);
      assert.ok(ago >= asked - after - ticksMs, `${ago} ms ago, read ${asked - after} ms late`);
      assert.ok(ago <= performance.now() - before, `${ago} ms ago`);
    });
  });
});
