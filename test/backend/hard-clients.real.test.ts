import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { opcodes } from "#wsrally/websocket/opcode.js";
import { clientFrame, ping, pong, RawClient, serverFrame } from "../support/raw-client.js";
import { standstill } from "../support/standstill.js";
import { pongEngines, withPongServer } from "../support/with-pong-server.js";

const mebibyte = 1024 * 1024;

for (const engine of pongEngines)
  describe(`${engine}: clients that are hard on the pong server`, () => {
    it("does not read from who does not read, serves the others, and loses nothing", async () => {
      await withPongServer({ engine }, async (server) => {
        const slow = await RawClient.open(server.port);
        slow.socket.pause();
        const count = 100;
        const message = Buffer.alloc(mebibyte, "x");
        const frame = clientFrame(opcodes.binary, message);
        for (let i = 0; i < count; i++) slow.send(frame);
        const taken = await standstill(server);
        // What the kernel's buffers on the way hold, and a mebibyte or two here.
        assert.ok(taken < count / 2, `${taken} messages taken`);
        const quick = await RawClient.open(server.port);
        quick.send(ping);
        assert.deepEqual(await quick.take(pong.length), pong);
        quick.close();

        let received = 0;
        slow.socket.removeAllListeners("data");
        slow.socket.on("data", (data) => {
          received += data.length;
        });
        slow.socket.resume();
        await slow.until(() => received === count * serverFrame(opcodes.binary, message).length);
        assert.equal(server.counts().messagesReceived, count + 1);
        assert.equal(server.counts().messagesSent, count + 1);
        slow.close();
      });
    });

    it("keeps who sends a thousand pings at once, and answers the message behind them", async () => {
      await withPongServer({ engine }, async (server) => {
        const client = await RawClient.open(server.port);
        const once = clientFrame(opcodes.ping, "");
        client.send(Buffer.concat([...Array<Buffer>(1000).fill(once), ping]));
        await client.until(() => client.received.includes(pong) || client.hasEnded);
        assert.ok(client.received.includes(pong), "cut off");
        assert.ok(client.received.includes(serverFrame(opcodes.pong, "")));
        assert.deepEqual([client.hasEnded, server.counts().open], [false, 1]);
        client.close();
      });
    });
  });
