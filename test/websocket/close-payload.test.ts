import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { buildClosePayload, mayTravel, parseClosePayload } from "#wsrally/websocket/close-payload.js";
import { fc } from "../support/seeded-fast-check.js";

describe("mayTravel()", () => {
  const rows: readonly (readonly [code: number, may: boolean])[] = [
    [0, false],
    [999, false],
    [1000, true],
    [1003, true],
    [1004, false],
    [1005, false],
    [1006, false],
    [1007, true],
    [1011, true],
    [1014, true],
    [1015, false],
    [1016, false],
    [2999, false],
    [3000, true],
    [4999, true],
    [5000, false],
    [65_535, false],
  ];
  for (const [code, may] of rows) {
    it(`${may ? "lets" : "does not let"} ${code}`, () => assert.equal(mayTravel(code), may));
  }
});

describe("buildClosePayload()", () => {
  it("gives what parseClosePayload() reads, cut between characters to 125 bytes", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3000, max: 4999 }),
        fc.string({ unit: "grapheme", maxLength: 80 }),
        (code, reason) => {
          const payload = buildClosePayload(code, reason);
          assert.ok(payload.length <= 125);
          const inside = Buffer.concat([Buffer.from("xx"), payload, Buffer.from("y")]);
          const read = parseClosePayload(inside, 2, inside.length - 1);
          assert.equal(read.kind, "close");
          if (read.kind !== "close") return;
          assert.equal(read.code, code);
          assert.ok(reason.startsWith(read.reason));
          if (Buffer.byteLength(reason) <= 123) assert.equal(read.reason, reason);
          else assert.ok(payload.length >= 122, "no more was cut than had to be");
        },
      ),
    );
  });

  it("keeps a reason of exactly 123 bytes and cuts a character in two from neither side", () => {
    assert.equal(buildClosePayload(1000, "a".repeat(123)).length, 125);
    assert.equal(buildClosePayload(1000, "a".repeat(124)).length, 125);
    assert.equal(buildClosePayload(1000, `${"a".repeat(122)}é`).toString("utf8", 2), "a".repeat(122));
    assert.equal(buildClosePayload(1000, `${"a".repeat(120)}😀`).toString("utf8", 2), "a".repeat(120));
    assert.equal(
      buildClosePayload(1000, `${"a".repeat(119)}😀b`).toString("utf8", 2),
      `${"a".repeat(119)}😀`,
    );
  });

  it("is empty without a code, and has no place for a code that may not travel", () => {
    assert.equal(buildClosePayload(null).length, 0);
    assert.deepEqual(parseClosePayload(Buffer.alloc(0), 0, 0), { kind: "close", code: null, reason: "" });
    for (const code of [1005, 1006, 1015, 999, 1000.5]) {
      assert.throws(() => buildClosePayload(code), /may not travel/);
    }
  });
});
