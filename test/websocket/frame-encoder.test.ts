import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FrameEncoder, frameLength } from "#wsrally/websocket/frame-encoder.js";
import { opcodes } from "#wsrally/websocket/opcode.js";

describe("FrameEncoder", () => {
  const headers: readonly (readonly [payloadLength: number, header: string])[] = [
    [0, "8200"],
    [125, "827d"],
    [126, "827e007e"],
    [65_535, "827effff"],
    [65_536, "827f0000000000010000"],
  ];
  for (const [payloadLength, header] of headers) {
    it(`writes the length ${payloadLength} in the fewest bytes`, () => {
      const length = frameLength("server", payloadLength);
      assert.equal(length, header.length / 2 + payloadLength);
      assert.equal(frameLength("client", payloadLength), length + 4);
      const target = Buffer.alloc(length);
      assert.equal(
        new FrameEncoder("server", target).write(0, opcodes.binary, Buffer.alloc(payloadLength)),
        length,
      );
      assert.equal(target.toString("hex", 0, header.length / 2), header);
    });
  }

  it("knows the length of a frame that no buffer holds", () => {
    assert.equal(frameLength("client", 2 ** 40), 2 ** 40 + 14);
  });

  it("writes a part of a payload", () => {
    const target = Buffer.alloc(6);
    new FrameEncoder("server", target).write(1, opcodes.text, Buffer.from("xpongx"), 1, 4);
    assert.equal(target.toString("hex"), "008103706f6e");
  });

  it("masks each frame with a word of its own (RFC 6455, 5.3)", () => {
    const target = Buffer.alloc(10);
    const encoder = new FrameEncoder("client", target);
    const ping = Buffer.from("ping");
    const masks = Array.from({ length: 5000 }, () => {
      encoder.write(0, opcodes.text, ping);
      assert.equal(target.readUInt16BE(0), 0x8184);
      const mask = target.readUInt32LE(2);
      assert.equal((target.readUInt32LE(6) ^ mask) >>> 0, ping.readUInt32LE(0));
      return mask;
    });
    assert.ok(new Set(masks).size > 4995);
  });
});
