/** The kernel's receive stamps, for tests that want one of the first message on. */
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { createDeferred } from "#wsrally/base/deferred.js";
import { epollEvents } from "#wsrally/linux/epoll.js";
import { PinnedBuffer } from "#wsrally/linux/pinned-buffer.js";
import { sendBytes } from "#wsrally/linux/socket-bytes.js";
import { setReceiveStamps } from "#wsrally/linux/socket-options.js";
import { StampedReceiver } from "#wsrally/linux/stamped-receiver.js";
import { untilReady, withLoopback } from "./loopback.js";

const triesMax = 1000;

/**
 * Called in a `describe`: its tests begin once the kernel stamps, and a socket of ours keeps it doing so. It begins a moment
 * after the first socket asked for it, and ends after the last, for net_enable_timestamp() and net_disable_timestamp()
 * leave that to a queue.
 */
export function whileKernelStamps(): void {
  const begun = createDeferred();
  const over = createDeferred();
  let held: Promise<void> | null = null;
  before(async () => {
    held = withLoopback(
      async ({ connect }) => {
        await untilStamped(await connect(setReceiveStamps));
        begun.resolve();
        await over.promise;
      },
      { onSocket: (socket) => void socket.pipe(socket) },
    );
    await Promise.race([begun.promise, held]);
  });
  after(async () => {
    over.resolve();
    await held;
  });
}

async function untilStamped(fd: number): Promise<void> {
  const receiver = new StampedReceiver(1);
  const message = new PinnedBuffer(1);
  for (let tried = 0; receiver.stampNs === null; tried++) {
    assert.ok(tried < triesMax, `none of ${tried} messages has a stamp`);
    sendBytes(fd, message, 0, 1);
    await untilReady(fd, epollEvents.readable);
    receiver.receive(fd);
  }
}
