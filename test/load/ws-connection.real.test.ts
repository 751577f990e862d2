import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { WsConnection } from "#wsrally/load/ws-connection.js";
import { makeRunCertificate } from "#wsrally/proxy/run-certificate.js";
import { startFaultyServer } from "../support/faulty-server.js";
import { targetAt } from "../support/run-thread-alone.js";

const certificate = await makeRunCertificate({ kind: "ec", curve: "P-256" });

describe("WsConnection.drop()", () => {
  it("leaves what a server that floods has sent, and nobody read", async () => {
    const tls = { key: certificate.keyPem, cert: certificate.certificatePem };
    const server = await startFaultyServer("floods-pings", tls);
    let frames = 0;
    const target = targetAt(server.port, { tls: true, caPem: certificate.caPem });
    const common = {
      target,
      handshakeTimeoutMs: 60_000,
      readsRefusals: false,
      sizes: {},
      sessions: { first: null },
    };
    const connection = new WsConnection(
      common,
      { port: server.port, row: [] },
      {
        opened: () => undefined,
        failed: ({ detail }) => assert.fail(detail),
        message: () => undefined,
        pong: () => undefined,
        closed: ({ detail }) => assert.fail(detail),
        took: (socket) => {
          if (frames++ === 0) socket.pause();
        },
      },
    );
    while (frames === 0) await nextTurn();
    const read = frames;
    connection.drop();
    await once(connection.socket, "close");
    await server.close();
    assert.equal(frames, read);
  });
});
