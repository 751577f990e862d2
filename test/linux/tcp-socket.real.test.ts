import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, it } from "node:test";
import { closeDescriptor } from "#wsrally/linux/close-descriptor.js";
import { epollEvents } from "#wsrally/linux/epoll.js";
import { errnos } from "#wsrally/linux/errno.js";
import { PinnedBuffer } from "#wsrally/linux/pinned-buffer.js";
import { addressFamilies, sockaddrOf } from "#wsrally/linux/socket-address.js";
import { receiveBytes, sendBytes } from "#wsrally/linux/socket-bytes.js";
import {
  setBindAddressNoPort,
  setNoDelay,
  setResetOnClose,
  setReuseAddress,
  socketError,
} from "#wsrally/linux/socket-options.js";
import {
  acceptConnection,
  bindSocket,
  connectSocket,
  listenOn,
  localAddressOf,
  openTcpSocket,
  shutdownWriting,
} from "#wsrally/linux/tcp-socket.js";
import { linuxOnly, openDescriptors, until } from "./support/linux-only.js";
import { untilReady, withLoopback } from "./support/loopback.js";
import { setBuffers } from "./support/socket-buffers.js";

const echo = (socket: Socket): unknown => socket.pipe(socket);
const onSocket = (socket: Socket): void => void echo(socket);

function pinned(text: string): PinnedBuffer {
  const buffer = new PinnedBuffer(text.length);
  buffer.bytes.write(text, "latin1");
  return buffer;
}

describe("a socket of ours", linuxOnly, () => {
  for (const host of ["127.0.0.1", "::1"]) {
    it(`connects to a server of Node's on ${host} and exchanges bytes`, async () => {
      await withLoopback(
        async ({ connect }) => {
          const fd = await connect(setNoDelay);
          const target = new PinnedBuffer(16);
          assert.equal(receiveBytes(fd, target), -errnos.EAGAIN);
          assert.equal(sendBytes(fd, pinned("-ping-"), 1, 5), 4);
          await untilReady(fd, epollEvents.readable);
          assert.equal(receiveBytes(fd, target, 2), 4);
          assert.equal(target.bytes.toString("latin1", 0, 7), "\0\0ping\0");
        },
        { host, onSocket },
      );
    });
  }

  it("reads the stream's end as 0, and still sends", async () => {
    await withLoopback(async ({ connect, accepted }) => {
      const fd = await connect();
      await until(() => accepted.length === 1);
      accepted[0]?.end();
      await untilReady(fd, epollEvents.readable);
      assert.equal(receiveBytes(fd, new PinnedBuffer(16)), 0);
      assert.equal(sendBytes(fd, pinned("late"), 0, 4), 4);
    });
  });

  it("tells a reset peer as ECONNRESET, and EPIPE when it sends to it", async () => {
    await withLoopback(async ({ connect, accepted }) => {
      const fd = await connect();
      await until(() => accepted.length === 1);
      accepted[0]?.resetAndDestroy();
      const came = await untilReady(fd, epollEvents.readable);
      assert.ok(came & epollEvents.error && came & epollEvents.hangUp);
      assert.equal(receiveBytes(fd, new PinnedBuffer(16)), -errnos.ECONNRESET);
      assert.equal(sendBytes(fd, pinned("late"), 0, 4), -errnos.EPIPE);
    });
  });

  it("is refused where nobody listens", async () => {
    let freed = 0;
    await withLoopback(async ({ port }) => {
      freed = port;
    });
    const fd = openTcpSocket(addressFamilies.ipv4);
    assert.equal(connectSocket(fd, sockaddrOf("127.0.0.1", freed)), -errnos.EINPROGRESS);
    await untilReady(fd, epollEvents.writable);
    assert.equal(socketError(fd), errnos.ECONNREFUSED);
    assert.equal(socketError(fd), 0);
    closeDescriptor(fd);
  });

  it("gives EAGAIN and partial sends once the buffers are full", async () => {
    await withLoopback(
      async ({ connect }) => {
        const fd = await connect((socket) => {
          setBuffers(socket, 32_768);
        });
        const bytes = new PinnedBuffer(1_000_000);
        let sent = 0;
        let last = 0;
        do {
          last = sendBytes(fd, bytes, 0, bytes.length);
          sent += Math.max(0, last);
        } while (last >= 0);
        assert.equal(last, -errnos.EAGAIN);
        assert.ok(sent > 0);
      },
      { onSocket: (socket) => void socket.pause() },
    );
  });

  it("does not let a range leave its buffer, nor be empty", () => {
    const bytes = new PinnedBuffer(8);
    for (const [start, end] of [
      [-1, 4],
      [0, 9],
      [4, 4],
      [6, 2],
      [Number.NaN, 4],
    ] as const) {
      assert.throws(() => sendBytes(0, bytes, start, end), assert.AssertionError);
    }
    assert.throws(() => receiveBytes(0, bytes, 8), assert.AssertionError);
  });

  it("comes from the address it was bound to, its port chosen on connecting", async () => {
    await withLoopback(async ({ connect, accepted }) => {
      const fd = await connect((socket) => {
        setBindAddressNoPort(socket);
        assert.equal(bindSocket(socket, sockaddrOf("127.0.0.9", 0)), 0);
        assert.equal(localAddressOf(socket).port, 0);
      });
      await until(() => accepted.length === 1);
      assert.equal(accepted[0]?.remoteAddress, "127.0.0.9");
      assert.deepEqual(localAddressOf(fd), { host: "127.0.0.9", port: accepted[0]?.remotePort });
    });
  });

  it("takes the option of a port chosen late on IPv6 too", async () => {
    await withLoopback(
      async ({ connect, accepted }) => {
        const fd = await connect((socket) => {
          setBindAddressNoPort(socket);
          assert.equal(bindSocket(socket, sockaddrOf("::1", 0)), 0);
          assert.equal(localAddressOf(socket).port, 0);
        });
        await until(() => accepted.length === 1);
        assert.equal(localAddressOf(fd).port, accepted[0]?.remotePort);
      },
      { host: "::1" },
    );
  });

  it("cannot be bound to an address of another machine", () => {
    const fd = openTcpSocket(addressFamilies.ipv4);
    assert.equal(bindSocket(fd, sockaddrOf("192.0.2.1", 0)), -errnos.EADDRNOTAVAIL);
    closeDescriptor(fd);
  });

  it("ends its side and hears the rest", async () => {
    await withLoopback(
      async ({ connect, accepted }) => {
        const fd = await connect();
        sendBytes(fd, pinned("last"), 0, 4);
        assert.equal(shutdownWriting(fd), 0);
        await until(() => accepted[0]?.readableEnded === true);
        const target = new PinnedBuffer(16);
        await untilReady(fd, epollEvents.readable);
        assert.equal(receiveBytes(fd, target), 4);
      },
      { onSocket },
    );
  });

  it("closes with a reset when asked to", async () => {
    await withLoopback(async ({ connect, close, accepted }) => {
      const fd = await connect(setResetOnClose);
      await until(() => accepted.length === 1);
      const [socket] = accepted;
      assert.ok(socket);
      const failed = once(socket, "error");
      close(fd);
      const [error] = (await failed) as [NodeJS.ErrnoException];
      assert.equal(error.code, "ECONNRESET");
    });
  });

  it("leaves no descriptor behind", async () => {
    const before = openDescriptors();
    await withLoopback(
      async ({ connect }) => {
        for (let i = 0; i < 20; i++) await connect();
        assert.ok(openDescriptors() > before + 20);
      },
      { onSocket },
    );
    await until(() => openDescriptors() === before);
  });
});

describe("a listening socket of ours", linuxOnly, () => {
  it("accepts a client of Node's", async () => {
    const listener = openTcpSocket(addressFamilies.ipv4);
    setReuseAddress(listener);
    assert.equal(bindSocket(listener, sockaddrOf("127.0.0.1", 0)), 0);
    listenOn(listener, 128);
    assert.equal(acceptConnection(listener), -errnos.EAGAIN);
    const client = connect(localAddressOf(listener).port, "127.0.0.1");
    await untilReady(listener, epollEvents.readable);
    const fd = acceptConnection(listener);
    assert.ok(fd >= 0);
    const target = new PinnedBuffer(16);
    assert.equal(receiveBytes(fd, target), -errnos.EAGAIN);
    client.write("ping");
    await untilReady(fd, epollEvents.readable);
    assert.equal(receiveBytes(fd, target), 4);
    const data = once(client, "data");
    assert.equal(sendBytes(fd, pinned("pong"), 0, 4), 4);
    assert.equal(String((await data)[0]), "pong");
    closeDescriptor(fd);
    closeDescriptor(listener);
    await once(client.resume(), "close");
  });
});
