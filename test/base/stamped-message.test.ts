import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  createStampedMessage,
  isStamped,
  readStamps,
  stampedBytesMin,
  writeSequence,
  writeStamps,
} from "#wsrally/base/stamped-message.js";

describe("a stamped message", () => {
  it("gives back what was written into it, wherever it lies", () => {
    const time = fc.integer({ min: 0, max: 2 ** 53 - 1 });
    fc.assert(
      fc.property(
        fc.nat(0xffffffff),
        time,
        time,
        fc.nat(50),
        fc.nat(200),
        (sequence, received, answered, at, more) => {
          const message = createStampedMessage(stampedBytesMin + more);
          writeSequence(message, sequence);
          const around = Buffer.concat([Buffer.alloc(at), message, Buffer.alloc(9)]);
          assert.ok(isStamped(around, at, at + message.length));
          writeStamps(around, at, received, answered);
          assert.deepEqual(readStamps(around, at), { sequence, receivedNs: received, answeredNs: answered });
        },
      ),
    );
  });

  it("says of a time that is not known that it is not", () => {
    const message = createStampedMessage(64);
    writeSequence(message, 1);
    writeStamps(message, 0, Number.NaN, 5);
    const { receivedNs, answeredNs } = readStamps(message, 0);
    assert.ok(Number.isNaN(receivedNs));
    assert.equal(answeredNs, 5);
  });

  it("is no other message", () => {
    for (const text of ["ping", "w".repeat(100), `wsrally-${"x".repeat(80)}`, "wsrally-stamp:short"]) {
      const data = Buffer.from(text);
      assert.equal(isStamped(data, 0, data.length), false, text);
    }
  });
});
