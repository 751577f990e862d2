/** The pong server over HTTP/2, asked by Node's own client and by ours: the same port, whichever HTTP is spoken. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type ClientHttp2Stream, connect, constants } from "node:http2";
import { createConnection, type Socket } from "node:net";
import { describe, it } from "node:test";
import type { PongServer } from "#wsrally/backend/pong-server.js";
import { monotonicClock } from "#wsrally/base/clock.js";
import { acceptFor, createKey } from "#wsrally/websocket/accept-key.js";
import { opcodes } from "#wsrally/websocket/opcode.js";
import { until } from "../linux/support/linux-only.js";
import { clientFrame, ping, pong, RawClient, serverFrame } from "../support/raw-client.js";
import { runThreadAlone, targetAt } from "../support/run-thread-alone.js";
import { standstill } from "../support/standstill.js";
import { epollOnly, withPongServer } from "../support/with-pong-server.js";

type Fields = Readonly<Record<string, string>>;

interface Asked {
  readonly stream: ClientHttp2Stream;
  readonly fields: Readonly<Record<string, unknown>>;
  /** What came so far. */
  received(): Buffer;
}

const webSocket = {
  ":method": "CONNECT",
  ":protocol": "websocket",
  ":path": "/sock",
  "sec-websocket-version": "13",
};

async function withClient(
  server: PongServer,
  use: (ask: (fields: Fields) => Promise<Asked>, socket: Socket) => Promise<void>,
): Promise<void> {
  const socket = createConnection({ port: server.port, host: "127.0.0.1" });
  const session = connect("http://127.0.0.1", {
    createConnection: () => socket,
    settings: { initialWindowSize: 1024 * 1024 },
  });
  session.on("error", () => undefined);
  await once(session, "remoteSettings");
  // Far more than a stream's, so that one that is not read from keeps nothing from the others.
  session.setLocalWindowSize(16 * 1024 * 1024);
  try {
    await use(async (fields) => {
      const stream = session.request(fields);
      stream.on("error", () => undefined);
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      const [answered] = (await once(stream, "response")) as [Record<string, unknown>];
      return { stream, fields: answered, received: () => Buffer.concat(parts) };
    }, socket);
  } finally {
    session.destroy();
  }
}

describe("the pong server over HTTP/2", epollOnly, () => {
  it("answers messages on each stream, and counts them with those over HTTP/1.1", async () => {
    await withPongServer({}, (server) =>
      withClient(server, async (ask) => {
        const own = await RawClient.open(server.port);
        const both = await Promise.all([ask(webSocket), ask(webSocket)]);
        own.send(ping);
        assert.deepEqual(await own.take(pong.length), pong);
        for (const { stream } of both) stream.write(Buffer.concat([ping, ping]));
        await until(() => both.every(({ received }) => received().equals(Buffer.concat([pong, pong]))));
        const { accepted, upgrades, open, messagesReceived, messagesSent } = server.counts();
        assert.deepEqual([accepted, upgrades, open, messagesReceived, messagesSent], [2, 3, 3, 5, 5]);
        own.close();
      }),
    );
  });

  it("chooses a subprotocol, and proves nothing but to who asks for it", async () => {
    await withPongServer({}, (server) =>
      withClient(server, async (ask) => {
        const key = createKey();
        const told = [
          await ask({ ...webSocket, "sec-websocket-protocol": "a, b" }),
          await ask({ ...webSocket, "sec-websocket-key": key }),
        ].map(({ fields }) => [
          fields[":status"],
          fields["sec-websocket-protocol"],
          fields["sec-websocket-accept"],
        ]);
        assert.deepEqual(told, [
          [200, "a", undefined],
          [200, undefined, acceptFor(key)],
        ]);
      }),
    );
  });

  it("answers who asks for something else with a page, or refuses, and counts it", async () => {
    await withPongServer({}, (server) =>
      withClient(server, async (ask) => {
        const asked: Fields[] = [
          { ":path": "/" },
          { ":path": "/", ":method": "HEAD" },
          { ":path": "/sock" },
          { ...webSocket, ":path": "/other" },
          { ...webSocket, "sec-websocket-version": "8" },
        ];
        const told: unknown[] = [];
        for (const fields of asked) {
          const { stream, fields: answered, received } = await ask(fields);
          await once(stream, "end");
          const isWhole = Number(answered["content-length"]) === received().length;
          told.push([answered[":status"], isWhole]);
          stream.end();
        }
        assert.deepEqual(told, [
          [200, true],
          [200, false],
          [426, true],
          [404, true],
          [400, true],
        ]);
        const { refusals, pages } = server.counts();
        assert.deepEqual(
          [refusals, pages],
          [
            { 400: 1, 404: 1 },
            { 200: 2, 426: 1 },
          ],
        );
      }),
    );
  });

  const endings: readonly (readonly [
    how: string,
    end: (stream: ClientHttp2Stream, socket: Socket) => void,
    counted: object,
  ])[] = [
    [
      "a close frame",
      (stream) => stream.write(clientFrame(opcodes.close, Buffer.from([3, 232]))),
      { peerClose: { 1000: 1 } },
    ],
    ["the end of the stream", (stream) => stream.end(), { peerEof: 1 }],
    ["RST_STREAM", (stream) => stream.destroy(new Error("gone")), { peerReset: 1 }],
    ["the end of the connection", (_, socket) => socket.destroy(), { peerEof: 1 }],
  ];
  for (const [how, end, counted] of endings)
    it(`knows that a WebSocket has ended by ${how}`, async () => {
      await withPongServer({}, (server) =>
        withClient(server, async (ask, socket) => {
          const { stream } = await ask(webSocket);
          end(stream, socket);
          await until(() =>
            Object.keys(counted).every((name) => Object(server.counts().endings)[name] !== 0),
          );
          stream.end();
          await until(() => server.counts().open === 0);
          assert.deepEqual({ ...server.counts().endings, ...counted }, server.counts().endings);
        }),
      );
    });

  it("does wrong on purpose what it is told to, by stream", async () => {
    const ways = [
      [{ kind: "eof", after: 1 }, "end"],
      [{ kind: "reset", after: 1 }, "aborted"],
    ] as const;
    for (const [ending, event] of ways)
      await withPongServer({ faults: { delay: null, ending, answers: null, seed: 1 } }, (server) =>
        withClient(server, async (ask) => {
          const { stream } = await ask(webSocket);
          const seen = once(stream, event);
          stream.write(ping);
          await seen;
          assert.equal((await ask({ ":path": "/" })).fields[":status"], 200);
        }),
      );
  });

  it("resets on purpose also what ends with its last message", async () => {
    const reset = { delay: null, ending: { kind: "reset", after: 1 }, answers: null, seed: 1 } as const;
    await withPongServer({ faults: reset }, (server) =>
      withClient(server, async (ask) => {
        const { stream } = await ask(webSocket);
        stream.end(ping);
        await once(stream, "close");
        assert.equal(stream.rstCode, constants.NGHTTP2_CANCEL);
      }),
    );
  });

  it("reads no further from a stream that is not read from, while another goes on", async () => {
    await withPongServer({}, (server) =>
      withClient(server, async (ask) => {
        const [slow, other] = [await ask(webSocket), await ask(webSocket)];
        slow.stream.pause();
        const payload = Buffer.alloc(1024 * 1024);
        for (let i = 0; i < 12; i++) slow.stream.write(clientFrame(opcodes.binary, payload));
        await standstill(server);
        assert.ok(server.counts().messagesReceived < 12, `${server.counts().messagesReceived}`);
        other.stream.write(ping);
        await until(() => other.received().equals(pong));
        slow.stream.resume();
        const wanted = 12 * serverFrame(opcodes.binary, payload).length;
        await until(() => slow.received().length === wanted);
      }),
    );
  });

  it("keeps apart what it sends on two connections, large pushes on one of them before", async () => {
    await withPongServer({}, (server) =>
      withClient(server, async (askOne) => {
        const pushed = await askOne(webSocket);
        await withClient(server, async (askOther) => {
          const startNs = monotonicClock.now();
          const [untilNs, measureNs] = [startNs + 1e8, startNs];
          const times = { startNs, untilNs, measureNs, endNs: untilNs };
          server.push?.({ ...times, ratePerS: 100, arrivals: "uniform", phase: 0, seed: 1, bytes: 20_000 });
          await until(() => monotonicClock.now() > untilNs && pushed.received().length > 20_000);
          const { stream, received } = await askOther(webSocket);
          stream.write(ping);
          await until(() => received().equals(pong));
        });
      }),
    );
  });

  it("answers our own client to the last message, large ones and many to a connection", async () => {
    await withPongServer({}, async (server) => {
      const large = { kind: "payload", bytes: 50_000, binary: true } as const;
      for (const [connections, streams, message] of [
        [250, 100, { kind: "ping" }],
        [3, 1, large],
      ] as const) {
        server.resetCounts();
        const target = targetAt(server.port, { streams });
        const job = { engine: "epoll", connections, message } as const;
        const { opened, held, tcpOpened, counts, failures } = await runThreadAlone(target, {
          durationMs: 50,
          drainMs: 10_000,
          job,
        });
        assert.deepEqual([failures, opened, held, tcpOpened], [[], connections, connections, 3]);
        const { messagesReceived, messagesSent } = server.counts();
        assert.deepEqual([messagesReceived, messagesSent], Array(2).fill(counts.totalSent));
        assert.equal(counts.totalReceived, counts.totalSent);
      }
    });
  });
});
