import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  createStampedMessage,
  isSameButStamps,
  isStamped,
  readStamps,
  stampedBytesMin,
  writeSequence,
  writeStamps,
} from "#wsrally/base/stamped-message.js";
import { fc } from "../support/seeded-fast-check.js";

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

  it("is the same with whatever times, and not with any other byte changed", () => {
    const sent = createStampedMessage(80);
    const back = Buffer.from(sent);
    writeSequence(back, 7);
    assert.ok(isSameButStamps(sent, back, 0, back.length), "without times");
    writeStamps(back, 0, 1, 2);
    assert.ok(isSameButStamps(sent, back, 0, back.length), "with times");
    for (let place = 22; place < back.length; place++) {
      const changed = Buffer.from(back);
      changed[place] = 0xff;
      assert.equal(isSameButStamps(sent, changed, 0, changed.length), false, `byte ${place}`);
    }
    assert.equal(isSameButStamps(sent, back, 0, back.length - 1), false);
  });

  it("is no other message", () => {
    for (const text of ["ping", "w".repeat(100), `wsrally-${"x".repeat(80)}`, "wsrally-stamp:short"]) {
      const data = Buffer.from(text);
      assert.equal(isStamped(data, 0, data.length), false, text);
    }
  });
});
