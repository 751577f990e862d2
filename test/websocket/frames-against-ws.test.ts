import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FrameEncoder, frameLength } from "#wsrally/websocket/frame-encoder.js";
import { type Opcode, opcodes } from "#wsrally/websocket/opcode.js";
import type { Role } from "#wsrally/websocket/role.js";
import { fc } from "../support/seeded-fast-check.js";
import { cut, type Decoding, decodeStream, everyByte } from "./support/decode-stream.js";
import { anyFrame, message, payload, streamOf } from "./support/made-frames.js";
import { decodeByWs } from "./support/ws-parts.js";

const messageBytesMax = 100_000;

const role = fc.constantFrom<Role>("client", "server");
const places = fc.array(fc.nat({ max: 1 << 20 }), { maxLength: 12 });

describe("FrameDecoder and ws", () => {
  it("finds what ws sent, however the reads are cut", () => {
    fc.assert(
      fc.property(role, fc.array(message, { maxLength: 5 }), places, (sender, messages, cuts) => {
        const { bytes, events } = streamOf(messages, sender === "client");
        const options = { sender, messageBytesMax: 1 << 20 };
        const wanted = { events, closeCode: null, faultCode: null };
        assert.deepEqual(decodeStream(cut(bytes, cuts), options), wanted);
        if (bytes.length < 2000) assert.deepEqual(decodeStream(everyByte(bytes), options), wanted);
      }),
      { numRuns: 200 },
    );
  });

  it("gives ws frames that it reads alike", () => {
    const opcode = fc.constantFrom<Opcode>(opcodes.binary, opcodes.ping, opcodes.pong, opcodes.text);
    fc.assert(
      fc.property(role, opcode, payload, fc.nat({ max: 20 }), (sender, kind, content, offset) => {
        const isControl = kind >= opcodes.close;
        const bytes = Buffer.from(isControl ? content.subarray(0, 125) : content);
        if (kind === opcodes.text) bytes.fill("é".repeat(3));
        if (kind === opcodes.text && bytes.length % 2 === 1) bytes[bytes.length - 1] = 0x41;
        const length = frameLength(sender, bytes.length);
        const target = Buffer.alloc(offset + length + 3, 0xaa);
        const end = new FrameEncoder(sender, target).write(offset, kind, bytes);
        assert.equal(end, offset + length);
        assert.ok(
          target.subarray(0, offset).every((byte) => byte === 0xaa),
          "nothing before the frame",
        );
        assert.ok(
          target.subarray(end).every((byte) => byte === 0xaa),
          "nothing behind the frame",
        );
        const name = kind === opcodes.ping ? "ping" : kind === opcodes.pong ? "pong" : isText(kind);
        const frame = target.subarray(offset, end);
        assert.deepEqual(decodeByWs([frame], sender, 1 << 20).events, [[name, bytes.toString("hex")]]);
        assert.deepEqual(decodeStream([frame], { sender, messageBytesMax: 1 << 20 }).events, [
          [name, bytes.toString("hex")],
        ]);
      }),
      { numRuns: 300 },
    );
  });
});

function isText(opcode: Opcode): string {
  return opcode === opcodes.text ? "text" : "binary";
}

/**
 * Where ws is not followed:
 * - "length-not-minimal": ws takes lengths in more bytes than they need; RFC 6455, 5.2: "the minimal number of bytes
 *   MUST be used to encode the length".
 * - "length-top-bit": ws says 1009, as for every length past 2⁵³; RFC 6455, 5.2: "the most significant bit MUST be
 *   0", so the frame is malformed and not only large: 1002 (7.4.1).
 */
function compareWithWs(ours: Decoding, theirs: Decoding): void {
  if (ours.faultCode === "length-not-minimal" || ours.faultCode === "length-top-bit") {
    assert.equal(ours.closeCode, 1002);
    assert.deepEqual(theirs.events.slice(0, ours.events.length), ours.events);
    if (ours.faultCode === "length-top-bit") assert.equal(theirs.closeCode, 1009);
    return;
  }
  assert.deepEqual([ours.events, ours.closeCode], [theirs.events, theirs.closeCode]);
}

describe("FrameDecoder's verdict is that of ws", () => {
  it("on frames of every make, however the reads are cut", () => {
    const codes = new Map<string, number>();
    fc.assert(
      fc.property(role, fc.array(anyFrame, { maxLength: 6 }), places, (sender, frames, cuts) => {
        const stream = Buffer.concat(frames.map((write) => write(sender)));
        const ours = decodeStream(cut(stream, cuts), { sender, messageBytesMax });
        compareWithWs(ours, decodeByWs([stream], sender, messageBytesMax));
        const code = ours.faultCode ?? "ok";
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }),
      { numRuns: 4000 },
    );
    // So that the comparison is known to reach what it is for.
    assert.ok(codes.size >= 13, `saw only ${[...codes.keys()].join(", ")}`);
  });

  it("on frames of ws with bits flipped, bytes lost and bytes put in", () => {
    const damage = fc.array(
      fc.record({
        place: fc.nat({ max: 1 << 20 }),
        bit: fc.nat({ max: 7 }),
        kind: fc.constantFrom("flip", "drop", "insert"),
      }),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(
        role,
        fc.array(message, { minLength: 1, maxLength: 3 }),
        damage,
        places,
        (sender, messages, damages, cuts) => {
          let { bytes } = streamOf(messages, sender === "client");
          for (const { place, bit, kind } of damages) {
            // Early bytes are headers more often than not.
            const at = (place % 2 === 0 ? place % 40 : place) % bytes.length;
            const next = kind === "insert" ? at : at + 1;
            const byte = kind === "flip" ? (bytes[at] as number) ^ (1 << bit) : bit * 36;
            bytes = Buffer.concat([
              bytes.subarray(0, at),
              kind === "drop" ? Buffer.alloc(0) : Buffer.of(byte),
              bytes.subarray(next),
            ]);
          }
          const ours = decodeStream(cut(bytes, cuts), { sender, messageBytesMax });
          compareWithWs(ours, decodeByWs([bytes], sender, messageBytesMax));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("on every pair of first bytes", () => {
    for (const sender of ["client", "server"] as const) {
      for (let first = 0; first < 256; first++) {
        for (let second = 0; second < 256; second++) {
          const stream = Buffer.of(first, second);
          const ours = decodeStream([stream], { sender, messageBytesMax });
          compareWithWs(ours, decodeByWs([stream], sender, messageBytesMax));
        }
      }
    }
  });
});
