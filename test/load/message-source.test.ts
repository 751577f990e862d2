import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createMessageSource, rightUnnumbered, wrongReply } from "#wsrally/load/message-source.js";

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
      assert.equal(source.check(Buffer.from(reply), binary), outcome);
    });
  }

  it("takes an echo from a foreign backend", () => {
    const foreign = createMessageSource({ kind: "ping" }, { seed: 0, answers: ["pong", "ping"] });
    assert.equal(foreign.check(Buffer.from("ping"), false), rightUnnumbered);
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
          const sent = Buffer.from(source.messageFor(sequence));
          source.messageFor(0);
          assert.equal(sent.length, bytes);
          assert.equal(source.check(sent, binary), sequence);
        },
      ),
    );
  });

  it("sees every changed byte, and a changed type", () => {
    const source = createMessageSource({ kind: "payload", bytes: 40, binary: false }, options);
    const sent = Buffer.from(source.messageFor(77));
    assert.equal(source.check(sent, true), wrongReply);
    for (let place = 8; place < sent.length; place++) {
      const changed = Buffer.from(sent);
      changed[place] = (changed[place] as number) ^ 1;
      assert.equal(source.check(changed, false), wrongReply);
    }
    assert.equal(source.check(sent.subarray(1), false), wrongReply);
  });

  it("sends text that is UTF-8", () => {
    const source = createMessageSource({ kind: "payload", bytes: 5000, binary: false }, options);
    const sent = source.messageFor(1);
    assert.deepEqual(Buffer.from(sent.toString("utf8")), sent);
  });

  it("checks payloads too short for a number by their bytes, down to none", () => {
    for (const bytes of [0, 1, 7]) {
      const source = createMessageSource({ kind: "payload", bytes, binary: true }, options);
      assert.equal(source.check(Buffer.from(source.messageFor(3)), true), rightUnnumbered);
      assert.equal(source.check(Buffer.alloc(bytes + 1), true), wrongReply);
    }
  });
});
