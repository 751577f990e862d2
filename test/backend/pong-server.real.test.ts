import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { WebSocket } from "ws";
import type { PongServerOptions } from "#wsrally/backend/pong-server.js";
import { startPongServer } from "#wsrally/backend/start-pong-server.js";
import { codeOf } from "#wsrally/base/errors.js";
import { RawClient, upgradeRequest } from "../support/raw-client.js";
import { pongEngines, withPongServer } from "../support/with-pong-server.js";

async function openSocket(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/sock`);
  await once(socket, "open");
  return socket;
}

async function ask(
  socket: WebSocket,
  message: string | Buffer,
): Promise<readonly [text: string, binary: boolean]> {
  socket.send(message);
  const [data, isBinary] = (await once(socket, "message")) as [Buffer, boolean];
  return [data.toString("latin1"), isBinary];
}

/** The first of two free ports, below those that the kernel gives to clients. */
async function freePair(options: Omit<PongServerOptions, "port">): Promise<number> {
  for (let port = 20_000; port < 30_000; port += 2) {
    try {
      const server = await startPongServer({ ...options, port, ports: 2 });
      await server.close();
      return port;
    } catch (thrown) {
      assert.equal(codeOf(thrown), "EADDRINUSE");
    }
  }
  throw new Error("no two ports are free");
}

for (const engine of pongEngines) {
  describe(`${engine}: startPongServer()`, () => {
    it("answers ping with pong, echoes the rest, and counts both", async () => {
      await withPongServer({ engine }, async (server) => {
        const socket = await openSocket(server.port);
        assert.deepEqual(await ask(socket, "ping"), ["pong", false]);
        assert.deepEqual(await ask(socket, "pings"), ["pings", false]);
        assert.deepEqual(await ask(socket, Buffer.from("ping")), ["ping", true]);
        const { upgrades, open, messagesReceived, messagesSent } = server.counts();
        assert.deepEqual([upgrades, open, messagesReceived, messagesSent], [1, 1, 3, 3]);
        server.resetCounts();
        assert.equal(server.counts().messagesReceived, 0);
        assert.equal(server.engine, engine);
        socket.terminate();
      });
    });

    it("chooses the first subprotocol that is offered, and none where none is", async () => {
      await withPongServer({ engine }, async (server) => {
        for (const offered of [["mqtt", "other"], []]) {
          const socket = new WebSocket(`ws://127.0.0.1:${server.port}/sock`, offered);
          await once(socket, "open");
          assert.equal(socket.protocol, offered[0] ?? "");
          socket.terminate();
        }
      });
    });

    it("ends a connection after one answer with once, without a close frame", async () => {
      await withPongServer({ engine, once: true }, async (server) => {
        const socket = await openSocket(server.port);
        assert.deepEqual(await ask(socket, "ping"), ["pong", false]);
        const [code] = await once(socket, "close");
        assert.equal(code, 1006);
      });
    });

    it("upgrades on its own path only, and counts what it refused", async () => {
      await withPongServer({ engine }, async (server) => {
        const socket = new WebSocket(`ws://127.0.0.1:${server.port}/other`);
        const [, response] = await once(socket, "unexpected-response");
        assert.equal(response.statusCode, 404);
        assert.equal(server.counts().refusedUpgrades, 1);
        response.destroy();
      });
    });

    it("upgrades on every path where none is given, a query or not", async () => {
      await withPongServer({ engine, path: null }, async (server) => {
        for (const path of ["/other", "/sock?token=1", "/"]) {
          const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`);
          await once(socket, "open");
          socket.terminate();
        }
        assert.equal(server.counts().upgrades, 3);
      });
    });

    it("serves a page at / and says at /sock that the upgrade is missing", async () => {
      await withPongServer({ engine }, async (server) => {
        const address = `http://127.0.0.1:${server.port}`;
        const page = await fetch(`${address}/?x=1`);
        assert.equal(page.status, 200);
        assert.match(await page.text(), /new WebSocket/);
        assert.equal(await (await fetch(`${address}/`, { method: "HEAD" })).text(), "");
        assert.equal((await fetch(`${address}/sock`)).status, 426);
        assert.equal((await fetch(`${address}/nothing`)).status, 404);
        assert.equal((await fetch(`${address}/nothing`, { method: "POST", body: "x" })).status, 404);
      });
    });

    it("answers a bad handshake with a status, and counts it", async () => {
      await withPongServer({ engine }, async (server) => {
        const client = new RawClient(server.port);
        client.send(upgradeRequest().replace("Version: 13", "Version: 7"));
        await client.end();
        assert.match(
          client.received.toString("latin1"),
          /^HTTP\/1.1 4(00|26) .*^Sec-WebSocket-Version: 13/ms,
        );
        client.close();
        assert.equal(server.counts().refusedUpgrades, 1);
      });
    });

    it("closes with the client's code, answers its pings, and forgets it", async () => {
      await withPongServer({ engine }, async (server) => {
        const socket = await openSocket(server.port);
        socket.ping("still there?");
        const [data] = (await once(socket, "pong")) as [Buffer];
        assert.equal(data.toString(), "still there?");
        socket.close(3210, "done");
        const [code] = await once(socket, "close");
        assert.equal(code, 3210);
        const another = await openSocket(server.port);
        assert.deepEqual(await ask(another, "ping"), ["pong", false]);
        assert.equal(server.counts().open, 1);
        another.close();
        assert.equal((await once(another, "close"))[0], 1005);
      });
    });

    it("accounts for 1,000 connections, each to its last message", async () => {
      await withPongServer({ engine }, async (server) => {
        const sockets = await Promise.all(Array.from({ length: 1000 }, () => openSocket(server.port)));
        assert.equal(server.counts().open, 1000);
        const answers = await Promise.all(
          sockets.map(async (socket, index) => {
            const texts: string[] = [];
            for (const message of ["ping", `number ${index}`]) texts.push((await ask(socket, message))[0]);
            return texts;
          }),
        );
        assert.deepEqual(
          answers,
          answers.map((_, index) => ["pong", `number ${index}`]),
        );
        const { upgrades, messagesReceived, messagesSent } = server.counts();
        assert.deepEqual([upgrades, messagesReceived, messagesSent], [1000, 2000, 2000]);
        for (const socket of sockets) socket.close();
        await Promise.all(sockets.map((socket) => once(socket, "close")));
        // The server sees the last of them end when the client has.
        while (server.counts().open > 0) await new Promise((resolve) => setImmediate(resolve));
      });
    });

    it("listens on several ports at once", async () => {
      await withPongServer({ engine, ports: 3 }, async (server) => {
        assert.equal(new Set(server.ports).size, 3);
        assert.equal(server.port, server.ports[0]);
        for (const port of server.ports) {
          const socket = await openSocket(port);
          assert.deepEqual(await ask(socket, "ping"), ["pong", false]);
          socket.terminate();
        }
        assert.equal(server.counts().upgrades, 3);
      });
    });

    it("takes the name of a host", async () => {
      await withPongServer({ engine, host: "localhost" }, async (server) => {
        const socket = new WebSocket(`ws://localhost:${server.port}/sock`);
        await once(socket, "open");
        socket.terminate();
      });
    });

    it("fails with the system's code where the port is taken, and leaves none behind", async () => {
      const options = { host: "127.0.0.1", path: null, once: false, deflate: false, engine };
      const first = await freePair(options);
      await withPongServer({ engine, port: first + 1 }, async () => {
        await assert.rejects(startPongServer({ ...options, port: first, ports: 2 }), { code: "EADDRINUSE" });
        await (await startPongServer({ ...options, port: first })).close();
      });
    });
  });
}
