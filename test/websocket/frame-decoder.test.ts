import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { FrameDecoder } from "#wsrally/websocket/frame-decoder.js";
import type { Role } from "#wsrally/websocket/role.js";
import { cut, type DecodedEvent, decodeStream, everyByte } from "./support/decode-stream.js";

const messageBytesMax = 200_000;

function bytes(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(" ", ""), "hex");
}

function run(length: number, byte = "61"): string {
  return byte.repeat(length);
}

/** Bytes on the heap and in buffers after a full collection. */
function memoryInUse(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe("FrameDecoder takes", () => {
  const rows: readonly (readonly [what: string, sender: Role, stream: string, events: DecodedEvent[]])[] = [
    // RFC 6455, 5.7: the examples.
    ["a text message", "server", "81 05 48656c6c6f", [["text", "48656c6c6f"]]],
    ["a masked text message", "client", "81 85 37fa213d 7f9f4d5158", [["text", "48656c6c6f"]]],
    ["a fragmented text message", "server", "01 03 48656c 80 02 6c6f", [["text", "48656c6c6f"]]],
    ["a ping", "server", "89 05 48656c6c6f", [["ping", "48656c6c6f"]]],
    ["a masked pong", "client", "8a 85 37fa213d 7f9f4d5158", [["pong", "48656c6c6f"]]],
    ["256 bytes", "server", `82 7e 0100 ${run(256)}`, [["binary", run(256)]]],
    ["64 KiB", "server", `82 7f 0000000000010000 ${run(65536)}`, [["binary", run(65536)]]],

    ["an empty message", "server", "81 00", [["text", ""]]],
    ["an empty masked message", "client", "82 80 01020304", [["binary", ""]]],
    ["125 bytes", "server", `82 7d ${run(125)}`, [["binary", run(125)]]],
    ["126 bytes", "server", `82 7e 007e ${run(126)}`, [["binary", run(126)]]],
    ["65,535 bytes", "server", `82 7e ffff ${run(65535)}`, [["binary", run(65535)]]],
    [
      "two messages in one read",
      "server",
      "81 01 61 82 01 62",
      [
        ["text", "61"],
        ["binary", "62"],
      ],
    ],
    [
      "control frames between fragments",
      "server",
      "02 01 61 89 01 70 00 01 62 8a 00 80 01 63",
      [
        ["ping", "70"],
        ["pong", ""],
        ["binary", "616263"],
      ],
    ],
    ["empty fragments", "server", "01 00 00 00 80 00", [["text", ""]]],
    ["a mask of zeros", "client", "82 82 00000000 0102", [["binary", "0102"]]],
    [
      "masks that differ by fragment",
      "client",
      "02 83 01010101 606263 80 82 02020202 6667",
      [["binary", "6163626465"]],
    ],
    ["a character split between fragments", "server", "01 01 c3 80 01 bc", [["text", "c3bc"]]],
    ["a ping of 125 bytes", "server", `89 7d ${run(125)}`, [["ping", run(125)]]],
    ["a close frame with nothing", "server", "88 00", [["close", "null "]]],
    ["a close frame with a code", "server", "88 02 03e8", [["close", "1000 "]]],
    ["a close frame with a reason", "client", "88 85 00000000 03e9627965", [["close", "1001 bye"]]],
    ["nothing after a close frame", "server", "88 00 81 01 61 ff ff", [["close", "null "]]],
    ["a close frame inside a message", "server", "01 01 61 88 02 0bb8", [["close", "3000 "]]],
  ];
  for (const [what, sender, hex, events] of rows) {
    it(`${what}, at once and cut anywhere`, () => {
      const stream = bytes(hex);
      const wanted = { events, closeCode: null, faultCode: null };
      assert.deepEqual(decodeStream([stream], { sender, messageBytesMax }), wanted);
      assert.deepEqual(decodeStream(everyByte(stream), { sender, messageBytesMax }), wanted);
      for (let place = 1; place < Math.min(stream.length, 300); place++) {
        assert.deepEqual(decodeStream(cut(stream, [place]), { sender, messageBytesMax }), wanted);
      }
    });
  }
});

describe("FrameDecoder", () => {
  const unexpected = (): never => assert.fail("nobody sent this");
  const quiet = { ping: unexpected, pong: unexpected, close: unexpected };

  it("keeps connections apart", () => {
    const seen: (readonly [number, string])[] = [];
    const decoder = new FrameDecoder({
      sender: "server",
      messageBytesMax,
      textCheck: "utf8",
      sink: {
        ...quiet,
        message: (connection, buffer, start, end) => {
          seen.push([connection, buffer.toString("latin1", start, end)]);
        },
      },
    });
    const messages = [0, 1, 7, 14_999].map((connection) => {
      const text = `connection ${connection}`.padEnd(20);
      return [connection, Buffer.concat([bytes("81 14"), Buffer.from(text)]), text] as const;
    });
    for (let at = 0; at < 22; at++) {
      for (const [connection, frame] of messages) decoder.read(connection, frame, at, at + 1);
    }
    assert.deepEqual(
      seen,
      messages.map(([connection, , text]) => [connection, text]),
    );
  });

  it("leaves the rest of a read when the sink forgets the connection, and starts afresh with the next", () => {
    let messages = 0;
    const decoder: FrameDecoder = new FrameDecoder({
      sender: "server",
      messageBytesMax,
      textCheck: "skip",
      sink: {
        ...quiet,
        message: (connection) => {
          messages++;
          decoder.forget(connection);
        },
        ping: (connection) => decoder.forget(connection),
      },
    });
    assert.equal(decoder.read(4, bytes("81 00 81 00 ff"), 0, 5), null);
    assert.equal(messages, 1);
    assert.equal(decoder.read(4, bytes("01 00 89 00 ff ff"), 0, 6), null);
    assert.equal(decoder.read(4, bytes("81 00"), 0, 2), null);
    assert.equal(messages, 2);
    assert.equal(decoder.read(4, bytes("81"), 0, 1), null);
    decoder.forget(4);
    assert.equal(decoder.read(4, bytes("81 00"), 0, 2), null);
    assert.equal(messages, 3);
    decoder.forget(99_999);
  });

  it("reads nothing of a connection that has failed until it is forgotten", () => {
    let messages = 0;
    const decoder = new FrameDecoder({
      sender: "server",
      messageBytesMax,
      textCheck: "skip",
      sink: { ...quiet, message: () => messages++ },
    });
    assert.equal(decoder.read(0, bytes("83 00"), 0, 2)?.code, "reserved-opcode");
    assert.equal(decoder.read(0, bytes("81 00"), 0, 2), null);
    assert.equal(messages, 0);
    decoder.forget(0);
    assert.equal(decoder.read(0, bytes("81 00"), 0, 2), null);
    assert.equal(messages, 1);
  });

  it("takes no memory for 15,000 connections between frames", () => {
    let payloadBytes = 0;
    const decoder = new FrameDecoder({
      sender: "client",
      messageBytesMax,
      textCheck: "utf8",
      sink: {
        ...quiet,
        message: (_connection, _buffer, start, end) => {
          payloadBytes += end - start;
        },
      },
    });
    const frame = bytes("81 84 00000000 70696e67 02 81 00000000 61 80 81 00000000 62");
    const before = memoryInUse();
    for (let connection = 0; connection < 15_000; connection++) {
      frame.writeUInt32LE(0, 2);
      decoder.read(connection, frame, 0, 13);
      decoder.read(connection, frame, 13, frame.length);
    }
    assert.equal(payloadBytes, 15_000 * 6);
    const taken = memoryInUse() - before;
    assert.ok(taken / 15_000 < 100, `${taken / 15_000} bytes a connection`);
  });
});
