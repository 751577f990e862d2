import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  createMessageSource,
  type MessageSource,
  rightUnnumbered,
  wrongReply,
} from "#wsrally/load/message-source.js";
import { fc } from "../support/seeded-fast-check.js";

/** Asks for the reply in the midst of other bytes, as engines give it. */
function checkWhole(source: MessageSource, reply: Buffer, isBinary: boolean): number {
  const around = Buffer.concat([Buffer.from("pong"), reply, Buffer.from("pong")]);
  return source.check(around, 4, 4 + reply.length, isBinary, 0);
}

const options = { seed: 5, answers: ["pong"] };

describe("createMessageSource() for ping", () => {
  const source = createMessageSource({ kind: "ping" }, options);
  const rows: readonly (readonly [reply: string, binary: boolean, outcome: number])[] = [
    ["pong", false, rightUnnumbered],
    ["pong", true, wrongReply],
    ["ping", false, wrongReply],
    ["pongpong", false, wrongReply],
    ["", false, wrongReply],
  ];
  for (const [reply, binary, outcome] of rows) {
    it(`takes ${JSON.stringify(reply)} as ${binary ? "binary" : "text"} for ${outcome}`, () => {
      assert.equal(checkWhole(source, Buffer.from(reply), binary), outcome);
    });
  }

  it("takes an echo from a foreign backend", () => {
    const foreign = createMessageSource({ kind: "ping" }, { seed: 0, answers: ["pong", "ping"] });
    assert.equal(checkWhole(foreign, Buffer.from("ping"), false), rightUnnumbered);
  });
});

describe("createMessageSource() for payloads", () => {
  it("finds the number of its own message in any size that has room for it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 300 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 0xffffffff }),
        (bytes, binary, sequence) => {
          const source = createMessageSource({ kind: "payload", bytes, binary }, options);
          const sent = Buffer.from(source.messageFor(sequence, 0));
          source.messageFor(0, 0);
          assert.equal(sent.length, bytes);
          assert.equal(checkWhole(source, sent, binary), sequence);
        },
      ),
    );
  });

  it("sees every changed byte, and a changed type", () => {
    const source = createMessageSource({ kind: "payload", bytes: 40, binary: false }, options);
    const sent = Buffer.from(source.messageFor(77, 0));
    assert.equal(checkWhole(source, sent, true), wrongReply);
    for (let place = 8; place < sent.length; place++) {
      const changed = Buffer.from(sent);
      changed[place] = (changed[place] as number) ^ 1;
      assert.equal(checkWhole(source, changed, false), wrongReply);
    }
    assert.equal(checkWhole(source, sent.subarray(1), false), wrongReply);
  });

  it("sends text that is UTF-8", () => {
    const source = createMessageSource({ kind: "payload", bytes: 5000, binary: false }, options);
    const sent = source.messageFor(1, 0);
    assert.deepEqual(Buffer.from(sent.toString("utf8")), sent);
  });

  it("checks payloads too short for a number by their bytes, down to none", () => {
    for (const bytes of [0, 1, 7]) {
      const source = createMessageSource({ kind: "payload", bytes, binary: true }, options);
      assert.equal(checkWhole(source, Buffer.from(source.messageFor(3, 0)), true), rightUnnumbered);
      assert.equal(checkWhole(source, Buffer.alloc(bytes + 1), true), wrongReply);
    }
  });
});
