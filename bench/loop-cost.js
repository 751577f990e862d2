/**
 * A ping-pong loop over src/linux by each of its ways, against an epoll echo server in a process of its own:
 * `npm run build && node bench/loop-cost.js [CONNECTIONS] [ROUND_TRIPS]`. CPU of the loop's thread a round trip.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { stampedHeaderBytes } from "../build/linux/buffer-ring.js";
import { closeDescriptor } from "../build/linux/close-descriptor.js";
import { setCpuAffinity } from "../build/linux/cpu-affinity.js";
import { Epoll, epollEvents } from "../build/linux/epoll.js";
import { IoUring, ringRequests } from "../build/linux/io-uring.js";
import { PinnedBuffer } from "../build/linux/pinned-buffer.js";
import { addressFamilies, sockaddrOf } from "../build/linux/socket-address.js";
import { receiveBytes, sendBytes } from "../build/linux/socket-bytes.js";
import { setNoDelay, setReceiveStamps } from "../build/linux/socket-options.js";
import { StampedReceiver } from "../build/linux/stamped-receiver.js";
import { threadCpuTimeNs } from "../build/linux/system-clock.js";
import { connectSocket, openTcpSocket } from "../build/linux/tcp-socket.js";

const pingBytes = 10;
const rounds = 3;
const ping = new PinnedBuffer(pingBytes);
const target = new PinnedBuffer(65_536);

function connectAll(port, count) {
  const sockaddr = sockaddrOf("127.0.0.1", port);
  return Array.from({ length: count }, () => {
    const fd = openTcpSocket(addressFamilies.ipv4);
    setNoDelay(fd);
    connectSocket(fd, sockaddr);
    return fd;
  });
}

function byEpoll(fds, roundTrips, receive) {
  const epoll = new Epoll();
  for (const fd of fds) epoll.add(fd, epollEvents.readable);
  for (const fd of fds) sendBytes(fd, ping, 0, pingBytes);
  let done = 0;
  const before = threadCpuTimeNs();
  while (done < roundTrips) {
    const ready = epoll.wait(-1);
    for (let i = 0; i < ready; i++) {
      const fd = epoll.tagAt(i);
      if (receive(fd) !== pingBytes) throw new Error("a short read");
      done++;
      sendBytes(fd, ping, 0, pingBytes);
    }
  }
  const spentNs = threadCpuTimeNs() - before;
  for (let left = fds.length; left > 0; ) {
    const ready = epoll.wait(-1);
    for (let i = 0; i < ready; i++) if (receive(epoll.tagAt(i)) > 0) left--;
  }
  epoll.close();
  return spentNs / done / 1e3;
}

function byIoUring(fds, roundTrips, isStamped) {
  const ring = new IoUring({ submissions: 4096, completions: 16_384 });
  const buffers = ring.provideBuffers({ group: 0, count: 4096, bytesEach: 256 });
  const receive = isStamped ? "receiveStamped" : "receive";
  const expected = pingBytes + (isStamped ? stampedHeaderBytes : 0);
  for (const fd of fds) ring[receive](fd, buffers, fd);
  for (const fd of fds) ring.send(fd, ping, 0, pingBytes, fd, "failures");
  let done = 0;
  let last = 0;
  const before = threadCpuTimeNs();
  while (done < roundTrips) {
    const ready = ring.wait(-1);
    for (let i = 0; i < ready; i++) {
      const fd = ring.tagAt(i);
      const result = ring.resultAt(i);
      if (ring.requestAt(i) !== ringRequests.receive) throw new Error(`a send failed: ${result}`);
      if (result === expected) {
        const buffer = ring.bufferAt(i);
        if (isStamped) last = buffers.stampNsOf(buffer);
        buffers.give(buffer);
        done++;
        ring.send(fd, ping, 0, pingBytes, fd, "failures");
      } else if (result !== -105) throw new Error(`a receive gave ${result}`);
      if (!ring.moreAt(i)) ring[receive](fd, buffers, fd);
    }
  }
  const spentNs = threadCpuTimeNs() - before;
  if (last === null) throw new Error("no stamp");
  ring.close();
  return spentNs / done / 1e3;
}

async function measure(port, count, roundTrips) {
  const stamped = new StampedReceiver();
  const ways = {
    "epoll, recv": [false, (fds) => byEpoll(fds, roundTrips, (fd) => receiveBytes(fd, target))],
    "epoll, recvmsg with stamps": [true, (fds) => byEpoll(fds, roundTrips, (fd) => stamped.receive(fd))],
    io_uring: [false, (fds) => byIoUring(fds, roundTrips, false)],
    "io_uring with stamps": [true, (fds) => byIoUring(fds, roundTrips, true)],
  };
  for (let round = 0; round < rounds; round++) {
    for (const [name, [isStamped, run]] of Object.entries(ways)) {
      const fds = connectAll(port, count);
      if (isStamped) for (const fd of fds) setReceiveStamps(fd);
      const started = performance.now();
      const us = run(fds);
      const perSecond = (roundTrips / (performance.now() - started)) * 1e3;
      for (const fd of fds) closeDescriptor(fd);
      process.stdout.write(`${name.padEnd(28)}${us.toFixed(2).padStart(7)} µs   ${perSecond.toFixed(0)}/s\n`);
    }
  }
}

const [connections = "1000", roundTrips = "200000"] = process.argv.slice(2);
const server = spawn(process.execPath, ["bench/support/echo-server.js"], {
  stdio: ["ignore", "pipe", "inherit"],
});
const [line] = await once(createInterface({ input: server.stdout }), "line");
setCpuAffinity(0, [1]);
await measure(Number(line), Number(connections), Number(roundTrips));
server.kill("SIGKILL");
