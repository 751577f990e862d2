/**
 * What the line between clients and proxy takes for itself, as root: `npm run build && node bench/line-cost.js [SECONDS]`.
 * Pings over the loopback and over a line without delay, one at a time and of a hundred connections at once: round trips,
 * packets a second, and how late they came out.
 */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { lineAddresses } from "../build/line/line-addresses.js";
import { layLine } from "../build/line/line-process.js";
import { inLineNetwork } from "../build/line/own-network.js";
import { closeDescriptor } from "../build/linux/close-descriptor.js";
import { setCpuAffinity } from "../build/linux/cpu-affinity.js";
import { Epoll, epollEvents } from "../build/linux/epoll.js";
import { PinnedBuffer } from "../build/linux/pinned-buffer.js";
import { addressFamilies, sockaddrOf } from "../build/linux/socket-address.js";
import { receiveBytes, sendBytes } from "../build/linux/socket-bytes.js";
import { setNoDelay } from "../build/linux/socket-options.js";
import { connectSocket, openTcpSocket } from "../build/linux/tcp-socket.js";
import { backendCpu, generatorCpu, spawnOn } from "./support/cpus.js";
import { guard } from "./support/own.js";

const rounds = 3;
const ping = new PinnedBuffer(10);
const target = new PinnedBuffer(4096);
const seconds = Number(process.argv[2] ?? 3);

/** @returns round-trip times in µs, and how many a second */
async function pingPong(address, port, count) {
  const fds = Array.from({ length: count }, () => {
    const fd = openTcpSocket(addressFamilies.ipv4);
    setNoDelay(fd);
    connectSocket(fd, sockaddrOf(address, port));
    return fd;
  });
  // For the handshakes.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const epoll = new Epoll();
  const sentAt = new Map();
  const times = [];
  for (const fd of fds) {
    epoll.add(fd, epollEvents.readable);
    sentAt.set(fd, performance.now());
    sendBytes(fd, ping, 0, ping.length);
  }
  const from = performance.now();
  const until = from + seconds * 1e3;
  for (let now = from; now < until; now = performance.now()) {
    const ready = epoll.wait(1e9);
    for (let i = 0; i < ready; i++) {
      const fd = epoll.tagAt(i);
      receiveBytes(fd, target);
      const at = performance.now();
      times.push((at - sentAt.get(fd)) * 1e3);
      sentAt.set(fd, at);
      sendBytes(fd, ping, 0, ping.length);
    }
  }
  const perS = (times.length / (performance.now() - from)) * 1e3;
  epoll.close();
  for (const fd of fds) closeDescriptor(fd);
  return { times: times.sort((a, b) => a - b), perS };
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

function tell(what, { times, perS }, figures) {
  const over =
    figures === null
      ? ""
      : `  ${Math.round((figures.toProxy + figures.toClients) / seconds)} packets/s, late ${figures.lateUs.p50} and ` +
        `${figures.lateUs.p99} µs, overflowed ${figures.overflowed}, busy ${figures.busyShare.toFixed(2)}`;
  process.stdout.write(
    `${what.padEnd(26)} p50 ${at(times, 0.5).toFixed(0)} µs, p99 ${at(times, 0.99).toFixed(0)} µs, ${perS.toFixed(0)}/s${over}\n`,
  );
}

await inLineNetwork(async (kernel) => {
  const line = await layLine(guard, kernel);
  for (const pid of line.pids) setCpuAffinity(pid, [generatorCpu]);
  const server = spawnOn(backendCpu, process.execPath, ["bench/support/echo-server.js"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = await once(createInterface({ input: server.stdout }), "line");
  setCpuAffinity(0, [generatorCpu]);
  for (let round = 0; round < rounds; round++) {
    for (const count of [1, 100]) {
      tell(`loopback, ${count} at once`, await pingPong("127.0.0.1", Number(port), count), null);
      await line.count();
      const result = await pingPong(lineAddresses.clients, Number(port), count);
      tell(`line, ${count} at once`, result, await line.figures());
    }
  }
  server.kill("SIGKILL");
  await line.stop();
});
guard.release();
