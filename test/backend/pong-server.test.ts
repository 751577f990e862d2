import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { WebSocket } from "ws";
import type { BackendEngine, PongServer, PongServerOptions } from "#wsrally/backend/pong-server.js";
import { startPongServer } from "#wsrally/backend/start-pong-server.js";
import { isLinuxLayerAvailable } from "#wsrally/linux/linux-layer.js";

async function withServer(
  options: Partial<PongServerOptions>,
  use: (server: PongServer, address: string) => Promise<void>,
): Promise<void> {
  const server = await startPongServer({
    host: "127.0.0.1",
    port: 0,
    path: "/sock",
    once: false,
    deflate: false,
    ...options,
  });
  try {
    await use(server, `127.0.0.1:${server.port}`);
  } finally {
    await server.close();
  }
}

async function ask(
  socket: WebSocket,
  message: string | Buffer,
): Promise<readonly [text: string, binary: boolean]> {
  socket.send(message);
  const [data, isBinary] = (await once(socket, "message")) as [Buffer, boolean];
  return [data.toString("latin1"), isBinary];
}

const engines: readonly BackendEngine[] = isLinuxLayerAvailable().available ? ["ws", "epoll"] : ["ws"];

for (const engine of engines) {
  describe(`${engine}: startPongServer()`, () => {
    it("answers ping with pong, echoes the rest, and counts both", async () => {
      await withServer({ engine }, async (server, address) => {
        const socket = new WebSocket(`ws://${address}/sock`);
        await once(socket, "open");
        assert.deepEqual(await ask(socket, "ping"), ["pong", false]);
        assert.deepEqual(await ask(socket, "pings"), ["pings", false]);
        assert.deepEqual(await ask(socket, Buffer.from("ping")), ["ping", true]);
        const { upgrades, open, messagesReceived, messagesSent } = server.counts();
        assert.deepEqual([upgrades, open, messagesReceived, messagesSent], [1, 1, 3, 3]);
        server.resetCounts();
        assert.equal(server.counts().messagesReceived, 0);
        socket.terminate();
      });
    });

    it("ends a connection after one answer with once, without a close frame", async () => {
      await withServer({ engine, once: true }, async (_server, address) => {
        const socket = new WebSocket(`ws://${address}/sock`);
        await once(socket, "open");
        assert.deepEqual(await ask(socket, "ping"), ["pong", false]);
        const [code] = await once(socket, "close");
        assert.equal(code, 1006);
      });
    });

    it("upgrades on its own path only, and counts what it refused", async () => {
      await withServer({ engine }, async (server, address) => {
        const socket = new WebSocket(`ws://${address}/other`);
        const [, response] = await once(socket, "unexpected-response");
        assert.equal(response.statusCode, 404);
        assert.equal(server.counts().refusedUpgrades, 1);
        response.destroy();
      });
    });

    it("serves a page at / and says at /sock that the upgrade is missing", async () => {
      await withServer({ engine }, async (_server, address) => {
        const page = await fetch(`http://${address}/`);
        assert.equal(page.status, 200);
        assert.match(await page.text(), /new WebSocket/);
        assert.equal((await fetch(`http://${address}/sock`)).status, 426);
        assert.equal((await fetch(`http://${address}/nothing`)).status, 404);
      });
    });

    it("fails with the system's code where the port is taken", async () => {
      await withServer({ engine }, async (server) => {
        await assert.rejects(
          startPongServer({
            host: "127.0.0.1",
            port: server.port,
            path: null,
            once: false,
            deflate: false,
            engine,
          }),
          { code: "EADDRINUSE" },
        );
      });
    });
  });
}
