import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { opcodes } from "#wsrally/websocket/opcode.js";
import {
  clientFragment,
  clientFrame,
  ping,
  pong,
  RawClient,
  serverFrame,
  upgradeRequest,
} from "../support/raw-client.js";
import { pongEngines, withPongServer } from "../support/with-pong-server.js";

const mebibyte = 1024 * 1024;

/** Opens one, sends, and compares what comes back. */
async function exchange(
  engine: (typeof pongEngines)[number],
  send: readonly Buffer[],
  expected: Buffer,
): Promise<void> {
  await withPongServer({ engine }, async (server) => {
    const client = await RawClient.open(server.port);
    for (const bytes of send) client.send(bytes);
    assert.ok((await client.take(expected.length)).equals(expected));
    assert.equal(client.received.length, 0);
    client.close();
  });
}

function closeFrame(code: number): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return serverFrame(opcodes.close, payload);
}

for (const engine of pongEngines) {
  describe(`${engine}: frames at the pong server`, () => {
    it("answers frames that come joined, each once and in order", async () => {
      const echo = clientFrame(opcodes.binary, "echo");
      const replies = [pong, serverFrame(opcodes.binary, "echo"), pong];
      await exchange(engine, [Buffer.concat([ping, echo, ping])], Buffer.concat(replies));
    });

    it("answers a frame that comes a byte at a time", async () => {
      await withPongServer({ engine }, async (server) => {
        const client = await RawClient.open(server.port);
        for (const byte of ping) {
          client.send(Buffer.from([byte]));
          await new Promise((resolve) => setImmediate(resolve));
        }
        assert.ok((await client.take(pong.length)).equals(pong));
        client.close();
      });
    });

    it("takes a message of 65,536 fragments", async () => {
      const bytes = 4 * mebibyte;
      const piece = "0123456789abcdef".repeat(4);
      const fragment = clientFragment(opcodes.continuation, piece);
      const fragments = [
        clientFragment(opcodes.binary, piece),
        ...Array<Buffer>(bytes / 64 - 2).fill(fragment),
        clientFrame(opcodes.continuation, piece),
      ];
      const whole = serverFrame(opcodes.binary, Buffer.alloc(bytes, piece));
      await exchange(engine, [Buffer.concat(fragments)], whole);
    });

    it("takes frames that come with the request", async () => {
      await withPongServer({ engine }, async (server) => {
        const client = new RawClient(server.port);
        client.send(Buffer.concat([Buffer.from(upgradeRequest()), ping, ping]));
        await client.until(() => client.received.includes(Buffer.concat([pong, pong])));
        client.close();
      });
    });

    it("takes a request that comes in pieces", async () => {
      await withPongServer({ engine }, async (server) => {
        const client = new RawClient(server.port);
        const request = upgradeRequest();
        for (let at = 0; at < request.length; at += 25) {
          client.send(request.slice(at, at + 25));
          await new Promise((resolve) => setImmediate(resolve));
        }
        client.send(ping);
        await client.until(() => client.received.includes(pong));
        client.close();
      });
    });

    it("puts a fragmented message together, a ping in its midst", async () => {
      const fragments = [
        clientFragment(opcodes.text, "pi"),
        clientFrame(opcodes.ping, "?"),
        clientFragment(opcodes.continuation, "n"),
        clientFrame(opcodes.continuation, "g"),
      ];
      await exchange(engine, fragments, Buffer.concat([serverFrame(opcodes.pong, "?"), pong]));
    });

    it("echoes messages of 0 bytes to 1 MiB with their type", async () => {
      const payloads = [0, 1, 125, 126, 65_535, 65_536, mebibyte].map((length) => randomBytes(length));
      await exchange(
        engine,
        payloads.map((payload) => clientFrame(opcodes.binary, payload)),
        Buffer.concat(payloads.map((payload) => serverFrame(opcodes.binary, payload))),
      );
    });

    const faults: readonly [what: string, bytes: Buffer, code: number][] = [
      ["a frame without a mask", serverFrame(opcodes.text, "ping"), 1002],
      ["a reserved opcode", Buffer.from([0x83, 0x80, 0, 0, 0, 0]), 1002],
      ["text that is not UTF-8", clientFrame(opcodes.text, Buffer.from([0xff])), 1007],
      ["a close code that may not travel", clientFrame(opcodes.close, Buffer.from([0x03, 0xed])), 1002],
      ["a message beyond the limit", Buffer.from([0x82, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 1009],
    ];
    for (const [what, bytes, code] of faults) {
      it(`closes with ${code} upon ${what}`, async () => {
        await withPongServer({ engine }, async (server) => {
          const client = await RawClient.open(server.port);
          client.send(Buffer.concat([ping, bytes, ping]));
          const expected = Buffer.concat([pong, closeFrame(code)]);
          assert.deepEqual(await client.take(expected.length), expected);
          await client.end();
          client.close();
          assert.equal(server.counts().messagesReceived, 1);
        });
      });
    }
  });
}
