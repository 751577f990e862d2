/**
 * What an agent says, cut into parts and put together again, with and without losses on the way.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PartReader, PartWriter } from "#wsrally/cluster/numbered-parts.js";
import { pack, unpack } from "#wsrally/cluster/packing.js";

describe("pack() and unpack()", () => {
  const rows: readonly (readonly [string, unknown])[] = [
    ["words", { pairs: Uint32Array.from([1, 2 ** 32 - 1]) }],
    ["doubles", { figures: Float64Array.from([0.5, -1, 2 ** 53]) }],
    [
      "doubles of which few are not 0",
      { figures: Float64Array.from({ length: 90 }, (_, i) => (i % 40 === 7 ? i / 3 : 0)) },
    ],
    [
      "doubles that JSON has no word for",
      { figures: Float64Array.from([...Array(20).fill(0), -0, Number.NaN, Infinity]) },
    ],
    ["no doubles", { figures: new Float64Array() }],
    ["what is long", { text: "ä long text ".repeat(1000), figures: new Float64Array(3000).fill(0.1) }],
    ["numbers that JSON has no word for", { most: Infinity, least: -Infinity }],
    ["an array of one text", { $other: "text" }],
    ["null and nested", [{ a: null, b: [true, "ä"] }]],
  ];
  for (const [name, value] of rows) it(`keep ${name}`, () => assert.deepEqual(unpack(pack(value)), value));

  it("take no bytes of somebody else's", () => {
    for (const bytes of [[], [2, 123, 125], [0, 123], [1, 7, 7]])
      assert.throws(() => unpack(Uint8Array.from(bytes)), Error, String(bytes));
  });

  it("keep NaN", () => assert.deepEqual(unpack(pack({ at: Number.NaN })), { at: Number.NaN }));
});

/** Too long for one part, whatever deflate makes of it. */
const long = Array.from({ length: 40 }, (_, index) => Math.sin(index));
const messages = [{ first: 1 }, long, { last: [] }];

function partsOf(said: readonly unknown[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  const writer = new PartWriter(100, (part) => parts.push(part));
  for (const message of said) writer.write(message);
  assert.equal(writer.count, parts.length);
  return parts;
}

function read(reader: PartReader, parts: readonly Uint8Array[]): unknown[] {
  return parts.map((part) => reader.read(part)).filter((message) => message !== undefined);
}

describe("numbered parts", () => {
  const parts = partsOf(messages);

  it("come together again", () => {
    assert.ok(parts.length > messages.length);
    assert.ok(parts.every(({ length }) => length <= 100));
    const reader = new PartReader();
    assert.deepEqual(read(reader, parts), messages);
    assert.equal(reader.takeLost(), 0);
  });

  it("tell of every one that is lost, and never half a message", () => {
    for (const lost of parts.keys()) {
      const reader = new PartReader();
      const whole = read(
        reader,
        parts.filter((_, index) => index !== lost),
      );
      reader.settle(parts.length);
      assert.equal(reader.takeLost(), 1, `part ${lost}`);
      for (const message of whole) assert.ok(messages.some((said) => isSame(said, message)));
    }
  });

  it("are lost where the writer says that there were more", () => {
    const reader = new PartReader();
    read(reader, parts.slice(0, 1));
    reader.settle(1);
    assert.equal(reader.takeLost(), 0);
    reader.settle(3);
    assert.equal(reader.takeLost(), 2);
  });

  it("share no memory: the client keeps what it is given until it is written", () => {
    assert.equal(new Set(parts.map(({ buffer }) => buffer)).size, parts.length);
  });
});

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
