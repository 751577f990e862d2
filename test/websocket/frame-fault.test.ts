import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FrameFaultCode } from "#wsrally/websocket/frame-fault.js";
import type { Role } from "#wsrally/websocket/role.js";
import { decodeStream, everyByte } from "./support/decode-stream.js";

const messageBytesMax = 200_000;

function bytes(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(" ", ""), "hex");
}

function run(length: number, byte = "61"): string {
  return byte.repeat(length);
}

describe("FrameDecoder refuses", () => {
  const rows: readonly (readonly [
    what: string,
    sender: Role,
    stream: string,
    fault: FrameFaultCode,
    closeCode: number,
  ])[] = [
    ["RSV1", "server", "c1 00", "reserved-bits", 1002],
    ["RSV2", "server", "a1 00", "reserved-bits", 1002],
    ["RSV3 on a control frame", "server", "99 00", "reserved-bits", 1002],
    ["opcode 3", "server", "83 00", "reserved-opcode", 1002],
    ["opcode 7", "server", "87 00", "reserved-opcode", 1002],
    ["opcode 11", "client", "8b 80", "reserved-opcode", 1002],
    ["opcode 15", "server", "8f 00", "reserved-opcode", 1002],
    ["a fragmented ping", "server", "09 00", "control-fragmented", 1002],
    ["a ping of 126 bytes", "server", "89 7e 007e", "control-too-long", 1002],
    ["a close with a 64-bit length", "server", "88 7f", "control-too-long", 1002],
    ["a masked frame from a server", "server", "81 80 00000000", "mask-unexpected", 1002],
    ["an unmasked frame from a client", "client", "81 00", "mask-missing", 1002],
    ["an unmasked ping from a client", "client", "89 00", "mask-missing", 1002],
    ["125 in 16 bits", "server", "82 7e 007d", "length-not-minimal", 1002],
    ["65,535 in 64 bits", "server", "82 7f 000000000000ffff", "length-not-minimal", 1002],
    ["the top bit of a length", "server", "82 7f 8000000000000001", "length-top-bit", 1002],
    ["2⁶³ − 1 bytes", "server", "82 7f 7fffffffffffffff", "message-too-long", 1009],
    ["one byte more than the limit", "server", "82 7f 0000000000030d41", "message-too-long", 1009],
    [
      "fragments longer than the limit",
      "client",
      `02 81 00000000 61 80 ff 0000000000030d40`,
      "message-too-long",
      1009,
    ],
    ["a continuation of nothing", "server", "80 00", "continuation-without-start", 1002],
    ["a message inside a message", "server", "01 01 61 81 01 62", "message-inside-message", 1002],
    ["half a code", "server", "88 01", "close-payload-of-one-byte", 1002],
    ["code 999", "server", "88 02 03e7", "close-code-invalid", 1002],
    ["code 1005", "server", "88 02 03ed", "close-code-invalid", 1002],
    ["code 1006", "client", "88 82 00000000 03ee", "close-code-invalid", 1002],
    ["code 1015", "server", "88 02 03f7", "close-code-invalid", 1002],
    ["code 2999", "server", "88 02 0bb7", "close-code-invalid", 1002],
    ["code 5000", "server", "88 02 1388", "close-code-invalid", 1002],
    ["a reason that is not UTF-8", "server", "88 03 03e8ff", "close-reason-not-utf8", 1007],
    ["a lone continuation byte", "server", "81 01 80", "text-not-utf8", 1007],
    ["a surrogate", "client", "81 83 00000000 eda080", "text-not-utf8", 1007],
    ["an overlong slash", "server", "81 02 c0af", "text-not-utf8", 1007],
    ["a character cut off", "server", "01 01 c3 80 00", "text-not-utf8", 1007],
    ["a long text with one bad byte", "server", `81 7e 0100 ${run(255)} ff`, "text-not-utf8", 1007],
  ];
  for (const [what, sender, hex, faultCode, closeCode] of rows) {
    it(`${what}: ${faultCode}, ${closeCode}; and reads no further`, () => {
      const stream = bytes(hex);
      const wanted = { events: [], closeCode, faultCode };
      const whole = Buffer.concat([stream, sender === "client" ? bytes("81 80 00000000") : bytes("81 00")]);
      assert.deepEqual(decodeStream([stream], { sender, messageBytesMax }), wanted);
      assert.deepEqual(decodeStream([whole], { sender, messageBytesMax }), wanted);
      assert.deepEqual(decodeStream(everyByte(whole), { sender, messageBytesMax }), wanted);
    });
  }

  it("no text when it is told to skip the check, but still close reasons", () => {
    const stream = bytes("81 01 ff 01 01 ff 80 01 fe 88 03 03e8ff");
    assert.deepEqual(decodeStream([stream], { sender: "server", messageBytesMax, textCheck: "skip" }), {
      events: [
        ["text", "ff"],
        ["text", "fffe"],
      ],
      closeCode: 1007,
      faultCode: "close-reason-not-utf8",
    });
  });

  it("a continuation behind the message's last frame", () => {
    assert.deepEqual(decodeStream([bytes("01 01 61 80 00 80 00")], { sender: "server", messageBytesMax }), {
      events: [["text", "61"]],
      closeCode: 1002,
      faultCode: "continuation-without-start",
    });
  });

  it("small messages beyond a small limit", () => {
    const { events, faultCode } = decodeStream([bytes("82 03 616263 82 04 61626364")], {
      sender: "server",
      messageBytesMax: 3,
    });
    assert.deepEqual(events, [["binary", "616263"]]);
    assert.equal(faultCode, "message-too-long");
  });
});
