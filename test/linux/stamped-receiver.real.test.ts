import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { describe, it } from "node:test";
import { epollEvents } from "#wsrally/linux/epoll.js";
import { errnos } from "#wsrally/linux/errno.js";
import { PinnedBuffer } from "#wsrally/linux/pinned-buffer.js";
import { sendBytes } from "#wsrally/linux/socket-bytes.js";
import { setReceiveStamps } from "#wsrally/linux/socket-options.js";
import { StampedReceiver } from "#wsrally/linux/stamped-receiver.js";
import { realtimeNs } from "#wsrally/linux/system-clock.js";
import { whileKernelStamps } from "./support/kernel-stamps.js";
import { linuxOnly, until } from "./support/linux-only.js";
import { untilReady, withLoopback } from "./support/loopback.js";

const onSocket = (socket: Socket): void => void socket.pipe(socket);

describe("StampedReceiver", linuxOnly, () => {
  whileKernelStamps();

  it("stamps each message between its sending and its reading, and never goes back", async () => {
    await withLoopback(
      async ({ connect }) => {
        const fd = await connect(setReceiveStamps);
        const receiver = new StampedReceiver(1024);
        assert.equal(receiver.stampNs, null);
        const ping = new PinnedBuffer(4);
        let last = Number.NEGATIVE_INFINITY;
        for (let round = 0; round < 50; round++) {
          ping.bytes.writeUInt32LE(round);
          const sentNs = realtimeNs();
          sendBytes(fd, ping, 0, 4);
          await untilReady(fd, epollEvents.readable);
          assert.equal(receiver.receive(fd), 4);
          const readNs = realtimeNs();
          assert.equal(receiver.buffer.bytes.readUInt32LE(), round);
          const { stampNs } = receiver;
          assert.ok(stampNs !== null && stampNs >= sentNs && stampNs <= readNs && stampNs >= last);
          last = stampNs;
        }
      },
      { onSocket },
    );
  });

  it("gives the last segment's stamp when several are read at once", async () => {
    await withLoopback(async ({ connect, accepted }) => {
      const fd = await connect(setReceiveStamps);
      await until(() => accepted.length === 1);
      accepted[0]?.write("one");
      await untilReady(fd, epollEvents.readable);
      const secondNs = realtimeNs();
      accepted[0]?.write("two");
      const receiver = new StampedReceiver();
      await until(() => accepted[0]?.bytesWritten === 6 && accepted[0]?.writableLength === 0);
      assert.equal(receiver.receive(fd), 6);
      const { stampNs } = receiver;
      assert.ok(stampNs !== null, "the kernel gave no stamp");
      assert.ok(stampNs >= secondNs, `stamped ${secondNs - stampNs} ns before it was sent`);
    });
  });

  it("has no stamp where none was asked for, nor after an empty read", async () => {
    await withLoopback(
      async ({ connect }) => {
        const receiver = new StampedReceiver(16);
        const ping = new PinnedBuffer(4);
        const stamped = await connect(setReceiveStamps);
        sendBytes(stamped, ping, 0, 4);
        await untilReady(stamped, epollEvents.readable);
        assert.equal(receiver.receive(stamped), 4);
        assert.notEqual(receiver.stampNs, null);
        assert.equal(receiver.receive(stamped), -errnos.EAGAIN);
        assert.equal(receiver.stampNs, null);
        const plain = await connect();
        sendBytes(plain, ping, 0, 4);
        await untilReady(plain, epollEvents.readable);
        assert.equal(receiver.receive(plain), 4);
        assert.equal(receiver.stampNs, null);
      },
      { onSocket },
    );
  });

  it("reads no more than its buffer holds, and 0 at the end", async () => {
    await withLoopback(async ({ connect, accepted }) => {
      const fd = await connect(setReceiveStamps);
      const receiver = new StampedReceiver(5);
      await until(() => accepted.length === 1);
      accepted[0]?.end("eight by");
      await untilReady(fd, epollEvents.peerClosed);
      assert.equal(receiver.receive(fd), 5);
      assert.equal(receiver.receive(fd), 3);
      assert.equal(receiver.receive(fd), 0);
      assert.equal(receiver.stampNs, null);
    });
  });

  it("outlives collections of garbage: its structures stay where they are", async () => {
    await withLoopback(
      async ({ connect }) => {
        const fd = await connect(setReceiveStamps);
        const receiver = new StampedReceiver(64);
        const ping = new PinnedBuffer(4);
        for (let round = 0; round < 20; round++) {
          const waste = Array.from({ length: 2_000 }, () => Buffer.from(new ArrayBuffer(4096)).fill(0xff));
          assert.equal(waste.length, 2_000);
          sendBytes(fd, ping, 0, 4);
          await untilReady(fd, epollEvents.readable);
          assert.equal(receiver.receive(fd), 4);
          assert.notEqual(receiver.stampNs, null);
        }
      },
      { onSocket },
    );
  });
});
