/**
 * The pong server at the cost of C: one epoll loop beside Node's own, frames decoded where they were read.
 */
import { lookup } from "node:dns/promises";
import { EventLoop } from "../linux/event-loop.js";
import { findNodeLoop } from "../linux/node-loop.js";
import { Acceptor } from "./acceptor.js";
import { createControl, noControl } from "./control.js";
import { type Ending, noFaults } from "./fault-plan.js";
import { type PongServer, type PongServerOptions, portsOf } from "./pong-server.js";
import { Sessions } from "./sessions.js";

/** Where the loop cannot tell when Node has work: a question to the process is answered that much later. */
const yieldEveryNs = 5e6;
const onceEnding: Ending = { kind: "eof", after: 1 };

/** @throws the system's error (`EADDRINUSE`, `EACCES` …) when an address cannot be listened on */
export async function startEpollPongServer(options: PongServerOptions): Promise<PongServer> {
  const { host, path, once, stamps = false, rooms = false, token = null } = options;
  const { replay = null, faults = noFaults } = options;
  const { address } = await lookup(host);
  const loop = new EventLoop({
    busyPoll: false,
    nodeLoop: findNodeLoop(),
    handle: (fd, mask) => {
      if (!sessions.handle(fd, mask)) acceptor.accept(fd);
    },
  });
  loop.yieldEveryNs = yieldEveryNs;
  const ending = faults.ending ?? (once ? onceEnding : null);
  const { delay, answers: answerFault, seed } = faults;
  const pair = options.pair === undefined ? null : Buffer.from(options.pair, "latin1");
  const control = token === null ? noControl : createControl(() => server);
  const sessions = new Sessions({
    loop,
    path,
    token,
    control,
    stamps,
    pair,
    rooms,
    delay,
    replay,
    ending,
    answerFault,
    seed,
  });
  const acceptor = new Acceptor({ loop, stamps, accepted: (fd) => sessions.accept(fd) });
  const ports: number[] = [];
  try {
    for (const port of portsOf(options)) ports.push(acceptor.listen(address, port));
  } catch (thrown) {
    acceptor.close();
    loop.stop();
    await loop.run();
    throw thrown;
  }
  // What a handler throws is a mistake of ours: it ends the process.
  const ended = loop.run();
  const server: PongServer = {
    engine: "epoll",
    host,
    port: ports[0] as number,
    ports,
    counts: () => ({ ...sessions.counts(), acceptFailures: acceptor.failures }),
    resetCounts() {
      sessions.resetCounts();
      acceptor.failures = 0;
    },
    answerTimes: () => sessions.answerTimes(),
    loop: () => ({ waits: loop.waits, events: loop.events }),
    take(posture) {
      const isListening = acceptor.isListening;
      if (posture.kind === "down") acceptor.close();
      else if (!isListening) for (const port of ports) acceptor.listen(address, port);
      sessions.take(posture);
    },
    push(order) {
      if (order === null) sessions.pushes.end();
      else sessions.pushes.start(order);
    },
    async close() {
      acceptor.close();
      sessions.close();
      loop.stop();
      await ended;
    },
  };
  return server;
}
