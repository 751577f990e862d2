import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FrameDecoder } from "#wsrally/websocket/frame-decoder.js";
import { FrameEncoder, frameLength } from "#wsrally/websocket/frame-encoder.js";
import { opcodes } from "#wsrally/websocket/opcode.js";

describe("FrameDecoder with large messages", () => {
  it("does work that grows with the message and not with its square", () => {
    const piece = 256;
    const unexpected = (): never => assert.fail("nobody sent this");
    const costOf = (size: number): number => {
      const frame = Buffer.alloc(frameLength("client", size));
      new FrameEncoder("client", frame).write(0, opcodes.binary, Buffer.alloc(size, 1));
      let received = 0;
      const decoder = new FrameDecoder({
        sender: "client",
        messageBytesMax: 1 << 30,
        textCheck: "skip",
        sink: {
          message: (_connection, _buffer, start, end) => {
            received += end - start;
          },
          ping: unexpected,
          pong: unexpected,
          close: unexpected,
        },
      });
      const costs = Array.from({ length: 5 }, () => {
        const before = process.cpuUsage();
        for (let at = 0; at < frame.length; at += piece) {
          decoder.read(0, frame, at, Math.min(at + piece, frame.length));
        }
        const { user, system } = process.cpuUsage(before);
        return user + system;
      });
      assert.equal(received, 5 * size);
      return Math.min(...costs);
    };
    costOf(1 << 20);
    const small = costOf(1 << 19);
    const large = costOf(1 << 23);
    // 16 times the bytes; a square would make it 256.
    assert.ok(large < 80 * small, `${small} µs for 512 KiB, ${large} µs for 8 MiB`);
  });
});
