import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { type WebSocket, WebSocketServer } from "ws";
import type { Engine } from "#wsrally/load/engine.js";
import { openDescriptors, until } from "../linux/support/linux-only.js";
import { linuxEngines } from "../support/engines.js";
import { createEngines, targetAt } from "../support/run-thread-alone.js";

const ping = Buffer.from("ping", "latin1");

interface Peer {
  readonly port: number;
  readonly sockets: Set<WebSocket>;
}

/** A server whose own descriptors are gone as well when the callback's connections are. */
async function withPeer(use: (peer: Peer) => Promise<void>): Promise<void> {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  try {
    await use({ port: (http.address() as AddressInfo).port, sockets: server.clients });
  } finally {
    server.close();
    http.closeAllConnections();
    http.close();
  }
}

for (const name of linuxEngines) {
  const create = (port: number, opened: (engine: Engine, connection: number) => void): Engine => {
    const engine: Engine = createEngines[name]({
      target: targetAt(port),
      connections: 20,
      sources: [],
      handshakeTimeoutMs: 1000,
      busyPoll: false,
      events: {
        opened: (connection) => opened(engine, connection),
        failed: () => undefined,
        message: () => true,
        pong: () => undefined,
        closed: () => undefined,
      },
    });
    return engine;
  };

  describe(`${name}: the end of an engine`, () => {
    it("closes every socket and leaves no descriptor, wherever its connections are", async () => {
      await withPeer(async ({ port, sockets }) => {
        const before = openDescriptors();
        let open = 0;
        const engine = create(port, () => {
          open++;
        });
        for (let connection = 0; connection < 10; connection++) engine.open(connection);
        await until(() => open === 10);
        assert.equal(sockets.size, 10);
        for (let connection = 0; connection < 10; connection++) engine.send(connection, ping, false);
        for (let connection = 10; connection < 20; connection++) engine.open(connection);
        engine.destroy();
        await until(() => sockets.size === 0 && openDescriptors() === before);
        assert.equal(open, 10);
      });
    });

    it("may be asked for from a handler", async () => {
      await withPeer(async ({ port, sockets }) => {
        const before = openDescriptors();
        let open = 0;
        const engine = create(port, (one) => {
          if (++open === 10) one.destroy();
        });
        for (let connection = 0; connection < 20; connection++) engine.open(connection);
        await until(() => open >= 10 && sockets.size === 0 && openDescriptors() === before);
      });
    });
  });

  describe(`${name}: an engine's connection`, () => {
    it("closes its socket at once when it is over, and can be opened again", async () => {
      await withPeer(async ({ port, sockets }) => {
        const before = openDescriptors();
        let open = 0;
        const engine = create(port, () => {
          open++;
        });
        for (let life = 1; life <= 5; life++) {
          engine.open(3);
          await until(() => open === life);
          engine.send(3, ping, false);
          engine.close(3);
          assert.equal(engine.send(3, ping, false), false);
          await until(() => sockets.size === 0);
        }
        engine.destroy();
        // What it leaves would be counted by the next test.
        await until(() => openDescriptors() === before);
      });
    });
  });
}
