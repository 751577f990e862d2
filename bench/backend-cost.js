/**
 * What a message costs the pong server, in processor time of its process, by engine: `npm run build && node
 * bench/backend-cost.js [connections …]`. A closed loop of pings from this process; the engines take turns, round by
 * round, and the median round is shown. Then what an idle server costs, and how long a saturated one lets a question of
 * the run wait. `--stamps` times the answers as well, where the engine can.
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startBackendProcess } from "../build/backend/backend-process.js";
import { monotonicClock } from "../build/base/clock.js";
import { createProcessGuard } from "../build/base/owned-process.js";
import { closeDescriptor } from "../build/linux/close-descriptor.js";
import { Epoll, epollEvents } from "../build/linux/epoll.js";
import { PinnedBuffer } from "../build/linux/pinned-buffer.js";
import { sockaddrOf } from "../build/linux/socket-address.js";
import { receiveBytes, sendBytes } from "../build/linux/socket-bytes.js";
import { setNoDelay } from "../build/linux/socket-options.js";
import { connectSocket, openTcpSocket } from "../build/linux/tcp-socket.js";
import { createKey } from "../build/websocket/accept-key.js";
import { FrameEncoder } from "../build/websocket/frame-encoder.js";
import { createUpgradeRequest } from "../build/websocket/upgrade-request.js";

const rounds = 7;
const roundNs = 5e8;
const pongBytes = 6;
const isStamped = process.argv.includes("--stamps");
const numbers = process.argv.slice(2).map(Number).filter(Number.isInteger);
const sizes = numbers.length === 0 ? [1, 100, 1000, 5000] : numbers;

const input = new PinnedBuffer(65_536);
const output = new PinnedBuffer(4096);

/** Connections of ours, every one with a ping under way once `run` is called. */
class Client {
  #epoll = new Epoll();
  #fds = [];
  #pings = new FrameEncoder("client", output.bytes).write(0, 1, Buffer.from("ping"));

  async open(port, count) {
    const request = createUpgradeRequest({
      path: "/sock",
      host: `127.0.0.1:${port}`,
      origin: null,
      subprotocols: [],
      extraFields: [],
    });
    for (let i = 0; i < count; i++) {
      const fd = openTcpSocket(2);
      setNoDelay(fd);
      connectSocket(fd, sockaddrOf("127.0.0.1", port));
      this.#epoll.add(fd, epollEvents.writable);
      if (this.#epoll.wait(5e9) !== 1) throw new Error("no connection");
      const length = request(createKey()).copy(output.bytes);
      sendBytes(fd, output, 0, length);
      this.#epoll.modify(fd, epollEvents.readable);
      if (this.#epoll.wait(5e9) !== 1 || receiveBytes(fd, input) < 12) throw new Error("no upgrade");
      this.#fds.push(fd);
    }
    this.#pings = new FrameEncoder("client", output.bytes).write(0, 1, Buffer.from("ping"));
  }

  start() {
    for (const fd of this.#fds) sendBytes(fd, output, 0, this.#pings);
  }

  /** @returns how many answers came */
  run(forNs) {
    const endNs = monotonicClock.now() + forNs;
    let answers = 0;
    while (monotonicClock.now() < endNs) {
      const count = this.#epoll.wait(1e8);
      for (let i = 0; i < count; i++) {
        const fd = this.#epoll.tagAt(i);
        answers += receiveBytes(fd, input) / pongBytes;
        sendBytes(fd, output, 0, this.#pings);
      }
    }
    return answers;
  }

  close() {
    for (const fd of this.#fds) closeDescriptor(fd);
    this.#epoll.close();
  }
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

async function cpuOver(backend, work) {
  const before = await backend.report();
  const result = await work();
  const after = await backend.report();
  return {
    result,
    cpuNs: after.cpuNs - before.cpuNs,
    share: (after.cpuNs - before.cpuNs) / (after.atNs - before.atNs),
  };
}

const guard = createProcessGuard(join(tmpdir(), "wsrally-no-such-folder"));
const options = { host: "127.0.0.1", port: 0, path: "/sock", once: false, deflate: false };
const start = (engine) =>
  startBackendProcess(guard, { ...options, engine, stamps: isStamped && engine === "epoll" });
const backends = [await start("ws"), await start("epoll")];

for (const connections of sizes) {
  const clients = [];
  for (const { port } of backends) {
    const client = new Client();
    await client.open(port, connections);
    client.start();
    clients.push(client);
  }
  const taken = backends.map(() => ({ us: [], perS: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, backend] of backends.entries()) {
      const { result, cpuNs } = await cpuOver(backend, () => clients[index].run(roundNs));
      taken[index].us.push(cpuNs / result / 1e3);
      taken[index].perS.push((result * 1e9) / roundNs);
    }
  }
  const cells = backends.map(
    ({ engine }, index) =>
      `${engine} ${median(taken[index].us).toFixed(2)} µs (${median(taken[index].perS).toFixed(0)}/s)`,
  );
  process.stdout.write(`${`${connections} connections`.padEnd(18)}${cells.join("   ")}\n`);
  for (const client of clients) client.close();
}

for (const backend of backends) {
  await sleep(200);
  const { share } = await cpuOver(backend, () => sleep(2000));
  const client = new Client();
  await client.open(backend.port, 100);
  client.start();
  const waits = [];
  for (let i = 0; i < 20; i++) {
    const beganNs = monotonicClock.now();
    let isAnswered = false;
    const answer = backend.report().then(() => {
      isAnswered = true;
    });
    while (!isAnswered) {
      client.run(2e6);
      await sleep(0);
    }
    await answer;
    waits.push((monotonicClock.now() - beganNs) / 1e6);
  }
  client.close();
  process.stdout.write(
    `${backend.engine.padEnd(6)} idle ${(share * 100).toFixed(3)} % of a core; ` +
      `saturated, a question waits ${median(waits).toFixed(1)} ms, at most ${Math.max(...waits).toFixed(1)}\n`,
  );
}
for (const backend of backends) await backend.stop();
guard.release();
