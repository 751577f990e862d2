import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { describe, it } from "node:test";
import { type BufferRing, stampedHeaderBytes } from "#wsrally/linux/buffer-ring.js";
import { closeDescriptor } from "#wsrally/linux/close-descriptor.js";
import { epollEvents } from "#wsrally/linux/epoll.js";
import { errnos } from "#wsrally/linux/errno.js";
import { IoUring, ringRequests } from "#wsrally/linux/io-uring.js";
import { isIoUringUsable } from "#wsrally/linux/is-io-uring-usable.js";
import { PinnedBuffer } from "#wsrally/linux/pinned-buffer.js";
import { sendBytes } from "#wsrally/linux/socket-bytes.js";
import { setReceiveStamps } from "#wsrally/linux/socket-options.js";
import { openSocketPair } from "#wsrally/linux/socket-pair.js";
import { monotonicNs, realtimeNs } from "#wsrally/linux/system-clock.js";
import { unlessLacking } from "../support/lacking.js";
import { openEventFd, signalEventFd } from "./support/event-fd.js";
import { whileKernelStamps } from "./support/kernel-stamps.js";
import { linuxOnly, openDescriptors, until } from "./support/linux-only.js";
import { withLoopback } from "./support/loopback.js";
import { setBuffers } from "./support/socket-buffers.js";

const usable = linuxOnly.skip === false ? isIoUringUsable() : { available: true as const };
const where = linuxOnly.skip === false ? unlessLacking(usable.available ? null : usable.reason) : linuxOnly;
const echoes = { onSocket: (socket: Socket): void => void socket.pipe(socket) };
const sizes = { submissions: 16, completions: 32 };

interface Completion {
  readonly request: number;
  readonly tag: number;
  readonly result: number;
  readonly more: boolean;
  readonly buffer: number;
}

/** All completions there are now, and those that come while the event loop goes on until there are `count`. */
async function completions(ring: IoUring, count: number): Promise<Completion[]> {
  const all: Completion[] = [];
  await until(() => {
    const ready = ring.wait(0);
    for (let i = 0; i < ready; i++) {
      all.push({
        request: ring.requestAt(i),
        tag: ring.tagAt(i),
        result: ring.resultAt(i),
        more: ring.moreAt(i),
        buffer: ring.bufferAt(i),
      });
    }
    return all.length >= count;
  });
  return all;
}

function textOf(buffers: BufferRing, { buffer, result }: Completion, header = 0): string {
  const start = buffers.startOf(buffer);
  return buffers.bytes.toString("latin1", start + header, start + result);
}

async function withRing(use: (ring: IoUring) => Promise<void>): Promise<void> {
  const ring = new IoUring(sizes);
  try {
    await use(ring);
  } finally {
    ring.close();
  }
}

function pinned(text: string): PinnedBuffer {
  const buffer = new PinnedBuffer(text.length);
  buffer.bytes.write(text, "latin1");
  return buffer;
}

describe("IoUring", where, () => {
  it("receives over many connections by one request each, and sends", async () => {
    await withLoopback(async ({ connect }) => {
      await withRing(async (ring) => {
        const buffers = ring.provideBuffers({ group: 3, count: 8, bytesEach: 64 });
        const fds: number[] = [];
        for (let i = 0; i < 5; i++) fds.push(await connect());
        fds.forEach((fd, index) => {
          ring.receive(fd, buffers, -index);
        });
        for (let round = 0; round < 20; round++) {
          const messages = fds.map((_, index) => pinned(`${round} over ${index}`));
          fds.forEach((fd, index) => {
            const message = messages[index] as PinnedBuffer;
            ring.send(fd, message, 0, message.length, index, round % 2 ? "failures" : "all");
          });
          const expected = round % 2 ? 5 : 10;
          const came = await completions(ring, expected);
          const received = came.filter(({ request }) => request === ringRequests.receive);
          assert.equal(came.length, expected);
          assert.deepEqual(
            received.map((one) => [textOf(buffers, one), one.more]).sort(),
            fds.map((_, index) => [`${round} over ${index}`, true]),
          );
          for (const one of received) assert.ok(textOf(buffers, one).endsWith(String(-one.tag)));
          for (const { buffer } of received) buffers.give(buffer);
        }
      });
    }, echoes);
  });

  it("tells the stream's end and a reset, after which no more comes", async () => {
    await withLoopback(async ({ connect, accepted }) => {
      await withRing(async (ring) => {
        const buffers = ring.provideBuffers({ group: 0, count: 4, bytesEach: 64 });
        ring.receive(await connect(), buffers, 1);
        await until(() => accepted.length === 1);
        ring.receive(await connect(), buffers, 2);
        await until(() => accepted.length === 2);
        accepted[0]?.end("last");
        const [last, end] = await completions(ring, 2);
        assert.ok(last && end);
        assert.equal(textOf(buffers, last), "last");
        assert.deepEqual(end, { request: ringRequests.receive, tag: 1, result: 0, more: false, buffer: -1 });
        accepted[1]?.resetAndDestroy();
        const [reset] = await completions(ring, 1);
        assert.equal(reset?.result, -errnos.ECONNRESET);
        assert.equal(reset?.more, false);
      });
    });
  });

  it("stops when the buffers are used up, and goes on when some were given back", async () => {
    await withRing(async (ring) => {
      const buffers = ring.provideBuffers({ group: 0, count: 2, bytesEach: 64 });
      const [near, far] = openSocketPair();
      const bytes = new PinnedBuffer(200);
      ring.receive(near, buffers, 1);
      sendBytes(far, bytes, 0, 200);
      const came = await completions(ring, 3);
      assert.deepEqual(
        came.map(({ result, more }) => [result, more]),
        [
          [64, true],
          [64, true],
          [-errnos.ENOBUFS, false],
        ],
      );
      for (const { buffer } of came.slice(0, 2)) buffers.give(buffer);
      ring.receive(near, buffers, 2);
      const rest = await completions(ring, 2);
      assert.deepEqual(
        rest.slice(0, 2).map(({ result }) => result),
        [64, 8],
      );
      for (const fd of [near, far]) closeDescriptor(fd);
    });
  });

  describe("once the kernel stamps", () => {
    whileKernelStamps();

    it("stamps what it receives", async () => {
      await withLoopback(async ({ connect }) => {
        await withRing(async (ring) => {
          const buffers = ring.provideBuffers({ group: 9, count: 4, bytesEach: 128 });
          const fd = await connect(setReceiveStamps);
          ring.receiveStamped(fd, buffers, 5);
          for (const text of ["first", "second", "third"]) {
            const sentNs = realtimeNs();
            const message = pinned(text);
            ring.send(fd, message, 0, message.length, 5, "failures");
            const [came] = await completions(ring, 1);
            assert.ok(came);
            assert.equal(textOf(buffers, came, stampedHeaderBytes), text);
            assert.ok(came.more);
            const stampNs = buffers.stampNsOf(came.buffer);
            buffers.give(came.buffer);
            assert.ok(stampNs !== null, "the kernel gave no stamp");
            assert.ok(stampNs >= sentNs, `stamped ${sentNs - stampNs} ns before it was sent`);
            assert.ok(stampNs <= realtimeNs(), "stamped after it was read");
          }
        });
      }, echoes);
    });
  });

  it("has no stamp where none was asked for, and none at the end", async () => {
    await withLoopback(async ({ connect, accepted }) => {
      await withRing(async (ring) => {
        const buffers = ring.provideBuffers({ group: 9, count: 4, bytesEach: 128 });
        ring.receiveStamped(await connect(), buffers, 5);
        await until(() => accepted.length === 1);
        accepted[0]?.end("last");
        const [last, end] = await completions(ring, 2);
        assert.ok(last && end);
        assert.equal(textOf(buffers, last, stampedHeaderBytes), "last");
        assert.equal(buffers.stampNsOf(last.buffer), null);
        assert.deepEqual([end.result, end.more], [stampedHeaderBytes, false]);
      });
    });
  });

  it("sends all of what does not fit at once, and reports a failure though only failures are", async () => {
    await withLoopback(
      async ({ connect, accepted }) => {
        await withRing(async (ring) => {
          const fd = await connect((socket) => {
            setBuffers(socket, 16_384);
          });
          await until(() => accepted.length === 1);
          const bytes = new PinnedBuffer(3_000_000);
          let received = 0;
          ring.send(fd, bytes, 0, bytes.length, 1, "all");
          assert.equal(ring.wait(0), 0);
          accepted[0]?.on("data", (data) => {
            received += data.length;
          });
          accepted[0]?.resume();
          const [sent] = await completions(ring, 1);
          assert.deepEqual([sent?.request, sent?.result], [ringRequests.send, bytes.length]);
          await until(() => received === bytes.length);
          accepted[0]?.resetAndDestroy();
          ring.send(fd, bytes, 0, bytes.length, 2, "failures");
          const [failed] = await completions(ring, 1);
          assert.equal(failed?.tag, 2);
          assert.ok([-errnos.ECONNRESET, -errnos.EPIPE].includes(failed?.result ?? 0));
        });
      },
      { onSocket: (socket) => void socket.pause() },
    );
  });

  it("sends at once what there is room for, and tells how much only if that is not all", async () => {
    await withLoopback(
      async ({ connect, accepted }) => {
        await withRing(async (ring) => {
          const fd = await connect((socket) => {
            setBuffers(socket, 16_384);
          });
          await until(() => accepted.length === 1);
          const bytes = new PinnedBuffer(3_000_000);
          ring.sendNow(fd, bytes, 0, 100, 1);
          assert.equal(ring.wait(0), 0);
          ring.sendNow(fd, bytes, 0, bytes.length, 2);
          const [cutShort, sent] = [ring.wait(0), ring.resultAt(0)];
          assert.deepEqual([cutShort, ring.requestAt(0), ring.tagAt(0)], [1, ringRequests.send, 2]);
          assert.ok(sent > 0 && sent < bytes.length, `${sent} bytes`);
          let total = 100;
          for (let taken = sent; taken !== -errnos.EAGAIN; taken = ring.resultAt(0)) {
            assert.ok(taken > 0, `${taken}`);
            total += taken;
            ring.sendNow(fd, bytes, 0, bytes.length, 3);
            assert.equal(ring.wait(0), 1);
          }
          let received = 0;
          accepted[0]?.on("data", (data) => {
            received += data.length;
          });
          accepted[0]?.resume();
          await until(() => received >= total);
          assert.equal(received, total);
          assert.equal(ring.wait(0), 0);
        });
      },
      { onSocket: (socket) => void socket.pause() },
    );
  });

  it("watches another descriptor", async () => {
    await withRing(async (ring) => {
      const wake = openEventFd();
      ring.poll(wake, epollEvents.readable, 77);
      assert.equal(ring.wait(0), 0);
      for (let i = 0; i < 3; i++) {
        signalEventFd(wake);
        assert.equal(ring.wait(-1), 1);
        assert.deepEqual([ring.requestAt(0), ring.tagAt(0)], [ringRequests.poll, 77]);
        assert.equal(ring.resultAt(0), epollEvents.readable);
        assert.ok(ring.moreAt(0));
      }
      closeDescriptor(wake);
    });
  });

  it("waits at least as long as asked, and not for what is there already", async () => {
    await withRing(async (ring) => {
      for (const timeoutNs of [0, 1, 250_000, 3_000_000.5, 1_002_000_000]) {
        const start = monotonicNs();
        assert.equal(ring.wait(timeoutNs), 0);
        assert.ok(monotonicNs() - start >= Math.floor(timeoutNs));
      }
    });
  });

  it("lets go of a socket when its receive is cancelled, and then only", async () => {
    await withLoopback(async ({ connect, close, accepted }) => {
      await withRing(async (ring) => {
        const buffers = ring.provideBuffers({ group: 0, count: 4, bytesEach: 64 });
        const fd = await connect();
        await until(() => accepted.length === 1);
        accepted[0]?.resume();
        ring.receive(fd, buffers, 1);
        ring.wait(0);
        close(fd);
        ring.cancelReceive(2);
        const [none] = await completions(ring, 1);
        assert.deepEqual([none?.request, none?.result], [ringRequests.cancel, -errnos.ENOENT]);
        assert.equal(accepted[0]?.readableEnded, false);
        ring.cancelReceive(1);
        const [ended] = await completions(ring, 1);
        assert.deepEqual([ended?.tag, ended?.result, ended?.more], [1, -errnos.ECANCELED, false]);
        await until(() => accepted[0]?.readableEnded === true);
      });
    });
  });

  it("takes more requests than fit, and keeps more completions than fit", async () => {
    await withRing(async (ring) => {
      const [near, far] = openSocketPair();
      const message = pinned("x");
      const count = 200;
      for (let i = 0; i < count; i++) ring.send(near, message, 0, 1, i, "all");
      const came = await completions(ring, count);
      assert.deepEqual(
        came.map(({ tag, result }) => [tag, result]),
        Array.from({ length: count }, (_, tag) => [tag, 1]),
      );
      for (const fd of [near, far]) closeDescriptor(fd);
    });
  });
});

describe("IoUring.close()", where, () => {
  const mappings = (): number => readFileSync("/proc/self/maps", "latin1").split("\n").length;

  it("ends requests that wait, and lets go of their sockets", async () => {
    await withLoopback(async ({ connect, close, accepted }) => {
      const ring = new IoUring(sizes);
      const buffers = ring.provideBuffers({ group: 0, count: 4, bytesEach: 64 });
      const fd = await connect();
      await until(() => accepted.length === 1);
      accepted[0]?.resume();
      ring.receive(fd, buffers, 1);
      ring.wait(0);
      ring.close();
      close(fd);
      await until(() => accepted[0]?.readableEnded === true);
    });
  });

  it("leaves neither descriptors nor mappings behind, and reads nothing afterwards", () => {
    const before = { descriptors: openDescriptors(), mappings: mappings() };
    for (let i = 0; i < 20; i++) {
      const ring = new IoUring(sizes);
      const buffers = ring.provideBuffers({ group: 0, count: 64, bytesEach: 1024 });
      ring.provideBuffers({ group: 1, count: 64, bytesEach: 1024 });
      const [near, far] = openSocketPair();
      ring.receive(near, buffers, 1);
      ring.poll(far, epollEvents.readable, 2);
      ring.wait(0);
      ring.receive(far, buffers, 3);
      ring.close();
      assert.equal(buffers.bytes.length, 0);
      assert.equal(ring.tagAt(0), undefined);
      for (const fd of [near, far]) closeDescriptor(fd);
    }
    assert.equal(openDescriptors(), before.descriptors);
    // V8 maps and unmaps for itself; two times twenty rings would be a hundred.
    assert.ok(mappings() < before.mappings + 20);
  });
});

describe("isIoUringUsable()", linuxOnly, () => {
  it("leaves nothing behind, whatever it says", () => {
    const before = openDescriptors();
    const { available } = isIoUringUsable();
    assert.equal(available, usable.available);
    assert.equal(openDescriptors(), before);
  });
});
