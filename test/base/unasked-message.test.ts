import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  createUnaskedMessage,
  isSameUnasked,
  joinMessage,
  pushEnds,
  readUnasked,
  roomOf,
  unaskedBytesMin,
  unaskedKindOf,
  unaskedKinds,
  writeUnasked,
} from "#wsrally/base/unasked-message.js";
import { fc } from "../support/seeded-fast-check.js";

describe("a message that nobody asked for", () => {
  it("gives back what was written into it, wherever it lies", () => {
    const time = fc.integer({ min: 0, max: 2 ** 53 - 1 });
    fc.assert(
      fc.property(
        fc.nat(0xffffffff),
        time,
        time,
        fc.nat(50),
        fc.nat(200),
        (number, dueNs, sentNs, at, more) => {
          const message = createUnaskedMessage("push", unaskedBytesMin + more);
          writeUnasked(message, number, dueNs, sentNs);
          const around = Buffer.concat([Buffer.alloc(at), message, Buffer.alloc(9)]);
          const end = at + message.length;
          assert.equal(unaskedKindOf(around, at, end), unaskedKinds.push);
          assert.deepEqual(readUnasked(around, at), { number, dueNs, sentNs });
          const fresh = createUnaskedMessage("push", message.length);
          assert.ok(isSameUnasked(fresh, around, at, end));
          around[end - 1] = 0x7e;
          assert.ok(!isSameUnasked(fresh, around, at, end));
        },
      ),
    );
  });

  it("is told from the last of them, and from every other message", () => {
    const cast = createUnaskedMessage("cast", unaskedBytesMin);
    assert.equal(unaskedKindOf(cast, 0, cast.length), unaskedKinds.cast);
    const join = joinMessage(4711);
    assert.equal(unaskedKindOf(join, 0, join.length), unaskedKinds.join);
    assert.equal(roomOf(join, 0), 4711);
    assert.equal(unaskedKindOf(pushEnds, 0, pushEnds.length), unaskedKinds.ends);
    const others = [
      "",
      "ping",
      "wsrally-push:",
      `wsrally-pull:${"-".repeat(60)}`,
      `wsrally-stamp:${"-".repeat(60)}`,
    ];
    for (const text of others) assert.equal(unaskedKindOf(Buffer.from(text), 0, text.length), 0, text);
  });
});
