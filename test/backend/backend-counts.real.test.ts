import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type BackendCounts, mergeBackendCounts, totalOf } from "#wsrally/backend/backend-counts.js";
import { type FaultPlan, noFaults } from "#wsrally/backend/fault-plan.js";
import type { PongServerOptions } from "#wsrally/backend/pong-server.js";
import { buildClosePayload } from "#wsrally/websocket/close-payload.js";
import { opcodes } from "#wsrally/websocket/opcode.js";
import { clientFrame, ping, RawClient, serverFrame, upgradeRequest } from "../support/raw-client.js";
import { epollOnly, pongEngines, withPongServer } from "../support/with-pong-server.js";

const noEndings: BackendCounts["endings"] = {
  ownEof: 0,
  ownReset: 0,
  ownClose: {},
  faultClose: {},
  peerClose: {},
  peerEof: 0,
  peerReset: 0,
};

const threePings = Buffer.concat([ping, ping, ping]);

interface EndRow {
  readonly name: string;
  readonly options?: Partial<PongServerOptions>;
  /** What the client does once its WebSocket is open. */
  readonly act: (client: RawClient) => void;
  readonly seen: Partial<BackendCounts["endings"]>;
}

const ends: readonly EndRow[] = [
  { name: "its own end", options: { once: true }, act: (client) => client.send(ping), seen: { ownEof: 1 } },
  {
    name: "a close frame that comes first",
    act: (client) => client.send(clientFrame(opcodes.close, buildClosePayload(1001))),
    seen: { peerClose: { 1001: 1 } },
  },
  {
    name: "a close frame without a code",
    act: (client) => client.send(clientFrame(opcodes.close, "")),
    seen: { peerClose: { 1005: 1 } },
  },
  { name: "the peer's end", act: (client) => void client.socket.end(), seen: { peerEof: 1 } },
  { name: "the peer's reset", act: (client) => void client.socket.resetAndDestroy(), seen: { peerReset: 1 } },
  {
    name: "a frame that is not masked",
    act: (client) => client.send(serverFrame(opcodes.text, "ping")),
    seen: { faultClose: { 1002: 1 } },
  },
  {
    name: "text that is not UTF-8",
    act: (client) => client.send(clientFrame(opcodes.text, Buffer.from([0xff]))),
    seen: { faultClose: { 1007: 1 } },
  },
];

const epollEnds: readonly (EndRow & { readonly faults: Partial<FaultPlan> })[] = [
  {
    name: "its own close frame",
    faults: { ending: { kind: "close", after: 1, code: 1011 } },
    act: (client) => client.send(ping),
    seen: { ownClose: { 1011: 1 } },
  },
  {
    name: "its own reset",
    faults: { ending: { kind: "reset", after: 1 } },
    act: (client) => client.send(ping),
    seen: { ownReset: 1 },
  },
  {
    name: "the peer's close frame, though it is stalled",
    faults: { ending: { kind: "stall", after: 0 } },
    act: (client) => {
      client.send(clientFrame(opcodes.close, buildClosePayload(1000)));
      client.socket.end();
    },
    seen: { peerClose: { 1000: 1 } },
  },
];

async function countsEnd(options: Partial<PongServerOptions>, { act, seen }: EndRow): Promise<void> {
  await withPongServer(options, async (server) => {
    const client = await RawClient.open(server.port);
    assert.deepEqual(server.counts().endings, noEndings);
    act(client);
    const isCounted = (): boolean => JSON.stringify(server.counts().endings) !== JSON.stringify(noEndings);
    // The ws package tells of an end when the connection is gone.
    await client.until(() => isCounted() || client.hasEnded);
    client.close();
    await client.until(() => isCounted() && server.counts().open === 0);
    assert.deepEqual(server.counts().endings, { ...noEndings, ...seen });
    server.resetCounts();
    assert.deepEqual(server.counts().endings, noEndings);
  });
}

for (const engine of pongEngines) {
  describe(`${engine}: what the pong server counts`, () => {
    for (const row of ends) {
      it(`once: ${row.name}`, () => countsEnd({ engine, ...row.options }, row));
    }

    it("answers by status, to requests for an upgrade and to others", async () => {
      await withPongServer({ engine }, async (server) => {
        const requests = [
          upgradeRequest("/elsewhere"),
          "GET /sock HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n",
          upgradeRequest().replace("Version: 13", "Version: 7"),
        ];
        for (const request of requests) {
          const client = new RawClient(server.port);
          client.send(request);
          await client.end();
          client.close();
        }
        const { accepted, upgrades, refusedUpgrades, refusals, pages } = server.counts();
        assert.deepEqual([accepted, upgrades, refusedUpgrades], [4, 0, 2]);
        assert.deepEqual(pages, { 200: 1, 426: 1 });
        assert.equal(refusals[404], 1);
        assert.equal(totalOf(refusals), 2);
      });
    });
  });
}

describe("the epoll server counts its faults", epollOnly, () => {
  for (const row of epollEnds) {
    it(`once: ${row.name}`, () => countsEnd({ faults: { ...noFaults, ...row.faults } }, row));
  }

  const spoilt = [
    { kind: "drop", sent: 2, bytes: ["pong", "pong"], counted: { dropped: 1, repeated: 0, altered: 0 } },
    {
      kind: "duplicate",
      sent: 4,
      bytes: ["pong", "pong", "pong", "pong"],
      counted: { dropped: 0, repeated: 1, altered: 0 },
    },
    {
      kind: "alter",
      sent: 3,
      bytes: ["pong", "ponf", "pong"],
      counted: { dropped: 0, repeated: 0, altered: 1 },
    },
  ] as const;
  for (const { kind, sent, bytes, counted } of spoilt) {
    it(`${kind}: of every second answer`, async () => {
      const faults: FaultPlan = { ...noFaults, answers: { kind, every: 2 } };
      await withPongServer({ faults }, async (server) => {
        const client = await RawClient.open(server.port);
        client.send(threePings);
        const expected = Buffer.concat(bytes.map((text) => serverFrame(opcodes.text, text)));
        assert.deepEqual(await client.take(expected.length), expected);
        const { messagesReceived, messagesSent, answerFaults } = server.counts();
        assert.deepEqual([messagesReceived, messagesSent], [3, sent]);
        assert.deepEqual(answerFaults, { ...counted, slow: null });
        client.close();
      });
    });
  }

  it("adds a byte where an altered answer has none", async () => {
    const faults: FaultPlan = { ...noFaults, answers: { kind: "alter", every: 1 } };
    await withPongServer({ faults }, async (server) => {
      const client = await RawClient.open(server.port);
      client.send(clientFrame(opcodes.binary, ""));
      assert.equal((await client.take(3)).length, 3);
      client.close();
    });
  });
});

describe("mergeBackendCounts()", () => {
  it("adds up what several servers counted, code by code", async () => {
    await withPongServer({ engine: "ws" }, async (server) => {
      const empty = server.counts();
      const one: BackendCounts = {
        ...empty,
        accepted: 3,
        refusals: { 404: 2 },
        endings: { ...noEndings, peerClose: { 1000: 1, 1001: 2 }, ownEof: 4 },
        acceptFailures: 1,
      };
      const other: BackendCounts = {
        ...one,
        refusals: { 400: 1, 404: 1 },
        endings: { ...noEndings, peerClose: { 1000: 5 } },
      };
      const merged = mergeBackendCounts([one, other]);
      assert.equal(merged?.accepted, 6);
      assert.deepEqual(merged?.refusals, { 400: 1, 404: 3 });
      assert.deepEqual(merged?.endings, { ...noEndings, peerClose: { 1000: 6, 1001: 2 }, ownEof: 4 });
      assert.equal(merged?.acceptFailures, 2);
      assert.equal(mergeBackendCounts([one, empty])?.acceptFailures, null);
      assert.equal(mergeBackendCounts([]), null);
    });
  });
});
