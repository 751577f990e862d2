import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { opcodes } from "#wsrally/websocket/opcode.js";
import { until } from "../linux/support/linux-only.js";
import { clientFrame, ping, pong, RawClient, serverFrame } from "../support/raw-client.js";
import { standstill } from "../support/standstill.js";
import { epollOnly, withPongServer } from "../support/with-pong-server.js";

const engine = "epoll";
const mebibyte = 1024 * 1024;

describe("startEpollPongServer()", epollOnly, () => {
  it("says all it has to say to who has ended its side", async () => {
    await withPongServer({ engine }, async (server) => {
      const client = await RawClient.open(server.port);
      const payload = Buffer.alloc(mebibyte, "x");
      const sent = Array.from({ length: 20 }, () => clientFrame(opcodes.binary, payload));
      client.socket.pause();
      client.socket.end(Buffer.concat([...sent, ping]));
      await standstill(server);
      client.socket.resume();
      await client.end();
      const expected = Buffer.concat([...sent.map(() => serverFrame(opcodes.binary, payload)), pong]);
      assert.ok(client.received.equals(expected));
      assert.equal(client.error, null);
      await client.until(() => server.counts().open === 0);
    });
  });

  it("forgets who resets, whatever it still had to say", async () => {
    await withPongServer({ engine }, async (server) => {
      const client = await RawClient.open(server.port);
      client.socket.pause();
      const frame = clientFrame(opcodes.binary, Buffer.alloc(mebibyte));
      for (let i = 0; i < 20; i++) client.send(frame);
      await standstill(server);
      client.socket.resetAndDestroy();
      await client.until(() => server.counts().open === 0);
      const another = await RawClient.open(server.port);
      another.send(ping);
      assert.deepEqual(await another.take(pong.length), pong);
      another.close();
    });
  });

  it("sleeps while nothing happens, with connections open and Node's timers running", async () => {
    await withPongServer({ engine }, async (server) => {
      const clients = await Promise.all(Array.from({ length: 20 }, () => RawClient.open(server.port)));
      const before = server.loop()?.waits ?? 0;
      const startMs = performance.now();
      for (let i = 0; i < 10; i++) await sleep(20);
      const waits = (server.loop()?.waits ?? 0) - before;
      const tookMs = performance.now() - startMs;
      assert.ok(waits < tookMs / 2, `${waits} waits in ${tookMs} ms`);
      for (const client of clients) client.close();
    });
  });

  it("times its answers from the kernel's stamps where asked", async () => {
    await withPongServer({ engine, stamps: true }, async (server) => {
      const client = await RawClient.open(server.port);
      for (let i = 0; i < 50; i++) {
        client.send(ping);
        await client.take(pong.length);
      }
      const times = server.answerTimes();
      assert.equal(times?.count, 50);
      assert.ok((times.max() ?? 0) > 0);
      server.resetCounts();
      assert.equal(server.answerTimes()?.count, 0);
      client.close();
    });
    await withPongServer({ engine }, async (server) => {
      assert.equal(server.answerTimes(), null);
    });
  });
});

describe("a pong server that is rolled out anew", epollOnly, () => {
  it("closes the open with the code, refuses the new, and serves again", async () => {
    await withPongServer({ engine: "epoll" }, async (server) => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/sock`);
      await once(socket, "open");
      server.take?.({ kind: "draining", code: 1012, status: 503 });
      const [code] = (await once(socket, "close")) as [number];
      assert.equal(code, 1012);
      const refused = new WebSocket(`ws://127.0.0.1:${server.port}/sock`);
      const [error] = (await once(refused, "error")) as [Error];
      assert.match(error.message, /503/);
      server.take?.({ kind: "serving" });
      const again = new WebSocket(`ws://127.0.0.1:${server.port}/sock`);
      await once(again, "open");
      // Who was refused is closed after it has been answered.
      await until(() => server.counts().open === 1);
      const { endings, refusals } = server.counts();
      assert.deepEqual([endings.ownClose, refusals], [{ 1012: 1 }, { 503: 1 }]);
      again.terminate();
    });
  });

  it("is gone while it is down, and comes back on its port", async () => {
    await withPongServer({ engine: "epoll" }, async (server) => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/sock`);
      await once(socket, "open");
      server.take?.({ kind: "down" });
      const [code] = (await once(socket, "close")) as [number];
      assert.equal(code, 1006);
      const refused = new WebSocket(`ws://127.0.0.1:${server.port}/sock`);
      const [error] = (await once(refused, "error")) as [Error];
      assert.match(error.message, /ECONNREFUSED/);
      server.take?.({ kind: "serving" });
      const again = new WebSocket(`ws://127.0.0.1:${server.port}/sock`);
      await once(again, "open");
      await until(() => server.counts().open === 1);
      assert.equal(server.counts().endings.ownEof, 1);
      again.terminate();
    });
  });
});
