import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { describe, it } from "node:test";
import { Worker } from "node:worker_threads";
import { closeDescriptor } from "#wsrally/linux/close-descriptor.js";
import { Epoll, epollEvents } from "#wsrally/linux/epoll.js";
import { SystemCallError } from "#wsrally/linux/errno.js";
import { PinnedBuffer } from "#wsrally/linux/pinned-buffer.js";
import { receiveBytes, sendBytes } from "#wsrally/linux/socket-bytes.js";
import { monotonicNs } from "#wsrally/linux/system-clock.js";
import { drainEventFd, openEventFd, signalEventFd } from "./support/event-fd.js";
import { linuxOnly, openDescriptors, until } from "./support/linux-only.js";
import { withLoopback } from "./support/loopback.js";

const onSocket = (socket: Socket): void => void socket.pipe(socket);

describe("Epoll", linuxOnly, () => {
  it("gives each ready socket's tag and mask, no more than asked for at once", async () => {
    await withLoopback(
      async ({ connect }) => {
        const epoll = new Epoll(4);
        const fds: number[] = [];
        for (let i = 0; i < 10; i++) fds.push(await connect());
        fds.forEach((fd, index) => {
          epoll.add(fd, epollEvents.readable, -1000 - index);
        });
        assert.equal(epoll.wait(0), 0);
        const ping = new PinnedBuffer(4);
        for (const fd of fds) sendBytes(fd, ping, 0, 4);
        const seen = new Set<number>();
        const target = new PinnedBuffer(64);
        await until(() => {
          const count = epoll.wait(0);
          assert.ok(count <= 4);
          for (let i = 0; i < count; i++) {
            assert.equal(epoll.maskAt(i), epollEvents.readable);
            const index = -1000 - epoll.tagAt(i);
            assert.equal(receiveBytes(fds[index] ?? -1, target), 4);
            seen.add(index);
          }
          return seen.size === 10;
        });
        assert.equal(epoll.wait(0), 0);
        epoll.close();
      },
      { onSocket },
    );
  });

  it("changes what it watches for, and forgets", async () => {
    await withLoopback(async ({ connect }) => {
      const epoll = new Epoll();
      const fd = await connect();
      epoll.add(fd, epollEvents.readable);
      assert.equal(epoll.wait(0), 0);
      epoll.modify(fd, epollEvents.readable | epollEvents.writable);
      assert.equal(epoll.wait(0), 1);
      assert.equal(epoll.tagAt(0), fd);
      assert.equal(epoll.maskAt(0), epollEvents.writable);
      epoll.remove(fd);
      assert.equal(epoll.wait(0), 0);
      assert.throws(
        () => epoll.remove(fd),
        (error) => error instanceof SystemCallError && error.code === "ENOENT",
      );
      epoll.close();
    });
  });

  it("tells when the peer has ended its side", async () => {
    await withLoopback(async ({ connect, accepted }) => {
      const epoll = new Epoll();
      epoll.add(await connect(), epollEvents.peerClosed);
      await until(() => accepted.length === 1);
      accepted[0]?.end();
      await until(() => epoll.wait(0) === 1);
      assert.ok(epoll.maskAt(0) & epollEvents.peerClosed);
      epoll.close();
    });
  });

  for (const unit of ["ns", "ms"] as const) {
    it(`waits at least as long as asked, in ${unit}`, () => {
      const epoll = new Epoll(8, unit);
      for (const timeoutNs of [0, 1, 250_000, 3_000_000.5, 1_002_000_000]) {
        const start = monotonicNs();
        assert.equal(epoll.wait(timeoutNs), 0);
        assert.ok(monotonicNs() - start >= Math.floor(timeoutNs));
      }
      const wake = openEventFd();
      epoll.add(wake, epollEvents.readable);
      signalEventFd(wake);
      assert.equal(epoll.wait(-1), 1);
      assert.equal(epoll.tagAt(0), wake);
      epoll.close();
      closeDescriptor(wake);
    });
  }

  it("waits without end until another thread signals", async () => {
    const wake = openEventFd();
    const epoll = new Epoll();
    epoll.add(wake, epollEvents.readable, 7);
    assert.equal(drainEventFd(wake), false);
    const moduleUrl = import.meta.resolve("./support/event-fd.js");
    const worker = new Worker(
      `import(${JSON.stringify(moduleUrl)}).then(({ signalEventFd }) => {
        setTimeout(() => signalEventFd(${wake}), 20);
      });`,
      { eval: true },
    );
    assert.equal(epoll.wait(-1), 1);
    assert.equal(epoll.tagAt(0), 7);
    assert.equal(drainEventFd(wake), true);
    assert.equal(drainEventFd(wake), false);
    assert.equal(epoll.wait(0), 0);
    await worker.terminate();
    epoll.close();
    closeDescriptor(wake);
  });

  it("can itself be waited for", () => {
    const inner = new Epoll();
    const outer = new Epoll();
    const wake = openEventFd();
    inner.add(wake, epollEvents.readable);
    outer.add(inner.fd, epollEvents.readable);
    assert.equal(outer.wait(0), 0);
    signalEventFd(wake);
    assert.equal(outer.wait(0), 1);
    assert.equal(inner.wait(0), 1);
    outer.close();
    inner.close();
    closeDescriptor(wake);
  });

  it("leaves no descriptor behind", () => {
    const before = openDescriptors();
    const epolls = Array.from({ length: 10 }, () => new Epoll());
    assert.equal(openDescriptors(), before + 10);
    for (const epoll of epolls) epoll.close();
    assert.equal(openDescriptors(), before);
  });
});
