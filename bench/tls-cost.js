/**
 * What a TLS connection over src/linux costs in memory and processor time, against a node:tls server in a process of
 * its own: `npm run build && node --expose-gc bench/tls-cost.js [CONNECTIONS] [VERSION] [resume]`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createServer } from "node:tls";
import { Epoll, epollEvents } from "../build/linux/epoll.js";
import { PinnedBuffer } from "../build/linux/pinned-buffer.js";
import { addressFamilies, sockaddrOf } from "../build/linux/socket-address.js";
import { setNoDelay, setReceiveStamps } from "../build/linux/socket-options.js";
import { StampedReceiver } from "../build/linux/stamped-receiver.js";
import { threadCpuTimeNs } from "../build/linux/system-clock.js";
import { connectSocket, openTcpSocket } from "../build/linux/tcp-socket.js";
import { tlsOutcomes } from "../build/linux/tls-connection.js";
import { TlsContext } from "../build/linux/tls-context.js";
import { makeRunCertificate } from "../build/proxy/run-certificate.js";

/** Opening together, as an engine's ramp would; each has record buffers only meanwhile. */
const openAtOnce = 50;
const roundTrips = 50_000;
const warmConnections = 50;
const ping = new PinnedBuffer(10);
const target = new PinnedBuffer(65_536);

async function serve(version) {
  const { keyPem, certificatePem, caPem } = await makeRunCertificate({ kind: "ec", curve: "P-256" });
  const server = createServer({ key: keyPem, cert: certificatePem, maxVersion: version }, (socket) => {
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.pipe(socket);
  }).listen(0, "127.0.0.1", 4096);
  await once(server, "listening");
  process.stdout.write(`${JSON.stringify({ port: server.address().port, caPem })}\n`);
}

function residentKib() {
  globalThis.gc?.();
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync("/proc/self/status", "latin1"))[1]);
}

/** Opens `count` connections and sends one ping over each, the answer of which has come when this returns. */
function open(context, port, count) {
  const epoll = new Epoll();
  const all = [];
  let answered = 0;
  const start = () => {
    const fd = openTcpSocket(addressFamilies.ipv4);
    setNoDelay(fd);
    connectSocket(fd, sockaddrOf("127.0.0.1", port));
    epoll.add(fd, epollEvents.readable | epollEvents.writable, all.length);
    all.push({ fd, tls: null, isOpen: false });
  };
  const step = (connection, index) => {
    connection.tls ??= context.connection(connection.fd, "localhost");
    const { tls, fd } = connection;
    if (!connection.isOpen) {
      const outcome = tls.handshake();
      if (outcome === tlsOutcomes.failed) throw new Error(tls.fault.text);
      epoll.modify(
        fd,
        outcome === tlsOutcomes.wantWrite ? epollEvents.writable : epollEvents.readable,
        index,
      );
      if (outcome !== 0) return;
      connection.isOpen = true;
      tls.write(ping, 0, ping.length);
    }
    if (tls.read(target) !== ping.length) return;
    answered++;
    epoll.remove(fd);
  };
  while (answered < count) {
    while (all.length < count && all.length - answered < openAtOnce) start();
    const ready = epoll.wait(-1);
    for (let i = 0; i < ready; i++) step(all[epoll.tagAt(i)], epoll.tagAt(i));
  }
  epoll.close();
  return all;
}

/** Every connection answers with the next ping; CPU microseconds of this thread a round trip. */
function exchange(connections, receiver) {
  const epoll = new Epoll();
  connections.forEach(({ fd }, index) => {
    epoll.add(fd, epollEvents.readable, index);
  });
  const before = threadCpuTimeNs();
  for (const { tls } of connections) tls.write(ping, 0, ping.length);
  for (let done = 0; done < roundTrips; ) {
    const ready = epoll.wait(-1);
    for (let i = 0; i < ready; i++) {
      const { fd, tls } = connections[epoll.tagAt(i)];
      receiver?.peek(fd);
      do {
        if (tls.read(target) !== ping.length) break;
        done++;
        tls.write(ping, 0, ping.length);
      } while (tls.hasPending());
    }
  }
  const spentNs = threadCpuTimeNs() - before;
  // What is still under way must not be taken for the answers of the next exchange.
  for (let left = connections.length; left > 0; ) {
    const ready = epoll.wait(-1);
    for (let i = 0; i < ready; i++) if (connections[epoll.tagAt(i)].tls.read(target) > 0) left--;
  }
  epoll.close();
  return spentNs / roundTrips / 1e3;
}

const [count = "1000", version = "TLSv1.3", resume] = process.argv.slice(2);
if (count === "serve") await serve(version);
else {
  const server = spawn(process.execPath, [process.argv[1], "serve", version], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface({ input: server.stdout }), "line");
  const { port, caPem } = JSON.parse(line);
  const context = new TlsContext({ caPem, verify: true, resume: resume === "resume", protocols: [] });
  const connections = open(context, port, warmConnections);
  const residentBefore = residentKib();
  const cpuBefore = threadCpuTimeNs();
  connections.push(...open(context, port, Number(count)));
  const openUs = (threadCpuTimeNs() - cpuBefore) / Number(count) / 1e3;
  const openKib = (residentKib() - residentBefore) / Number(count);
  const plainUs = exchange(connections, null);
  for (const { fd } of connections) setReceiveStamps(fd);
  const stampedUs = exchange(connections, new StampedReceiver(1));
  const usedKib = (residentKib() - residentBefore) / Number(count);
  const { version: agreed, cipher, isSessionReused } = connections.at(-1).tls.properties();
  process.stdout.write(
    [
      `Node ${process.version}, ${agreed} ${cipher}${isSessionReused ? ", resumed" : ""}, ${count} connections`,
      `${openKib.toFixed(1)} KiB a connection once open, ${usedKib.toFixed(1)} after ${2 * roundTrips} round trips`,
      `${openUs.toFixed(0)} µs of CPU a handshake`,
      `${plainUs.toFixed(2)} µs of CPU a round trip, ${stampedUs.toFixed(2)} with a receive stamp`,
      "",
    ].join("\n"),
  );
  server.kill();
}
