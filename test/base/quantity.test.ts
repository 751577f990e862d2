import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Quantity, type QuantityKind, readQuantity, wantedWords } from "#wsrally/base/quantity.js";

const wide = (kind: QuantityKind): Quantity => ({ kind, least: 0, most: 1e9 });

describe("readQuantity()", () => {
  for (const [kind, text, value] of [
    ["time", "5", 5],
    ["time", "0.5", 0.5],
    ["time", "5s", 5],
    ["time", "500ms", 0.5],
    ["time", "2m", 120],
    ["time", "2 min", 120],
    ["time", "1.5h", 5400],
    ["time", "1d", 86_400],
    ["size", "64", 64],
    ["size", "16k", 16_384],
    ["size", "16KiB", 16_384],
    ["size", "16kB", 16_000],
    ["size", "1MB", 1_000_000],
    ["size", "1M", 1_048_576],
    ["count", "5k", 5000],
    ["count", "5,000", 5000],
    ["count", "1,000,000", 1_000_000],
    ["count", "1e4", 10_000],
    ["rate", "10k/s", 10_000],
    ["rate", "2.5", 2.5],
    ["share", "3%", 0.03],
    ["share", "7%", 0.07],
    ["share", "0.03", 0.03],
  ] as const) {
    it(`reads ${text} as a ${kind} of ${value}`, () => {
      assert.equal(readQuantity(text, wide(kind)), value);
    });
  }

  for (const [kind, text] of [
    ["time", ""],
    ["time", "soon"],
    ["time", "-5s"],
    ["time", "5k"],
    ["time", "5 s 3"],
    ["time", "Infinity"],
    ["time", "0x10"],
    ["count", "2.5"],
    ["count", "1,00"],
    ["count", "5s"],
    ["count", "12,34,567"],
    ["size", "0.3k"],
    ["size", "3%"],
    ["rate", "5/m"],
    ["share", "3 of 100"],
  ] as const) {
    it(`refuses ${JSON.stringify(text)} as a ${kind}`, () => {
      assert.equal(readQuantity(text, wide(kind)), null);
    });
  }

  it("keeps to the range, whose lower end may be too little itself", () => {
    const share: Quantity = { kind: "share", least: 0, most: 1, isAbove: true };
    assert.deepEqual(
      ["0", "100%", "101%"].map((text) => readQuantity(text, share)),
      [null, 1, null],
    );
    assert.equal(readQuantity("0", { ...share, isAbove: false }), 0);
  });
});

describe("wantedWords()", () => {
  for (const [quantity, words] of [
    [{ kind: "time", least: 0.05, most: 3600 }, "want a time from 50ms to 1h, such as 5s or 2m"],
    [{ kind: "time", least: 0.001, most: 0.1 }, "want a time from 1ms to 100ms, such as 20ms"],
    [{ kind: "size", least: 0, most: 2 ** 20 }, "want a size in bytes from 0 to 1MiB, such as 64 or 16k"],
    [{ kind: "count", least: 1, most: 5 }, "want a whole number from 1 to 5, such as 5"],
    [
      { kind: "share", least: 0, most: 1, isAbove: true },
      "want a share above 0 and up to 100%, such as 3% or 0.03",
    ],
  ] as const) {
    it(words, () => assert.equal(wantedWords(quantity), words));
  }

  it("names a range that can be typed as it stands", () => {
    const quantity: Quantity = { kind: "count", least: 1, most: 1_000_000 };
    assert.equal(readQuantity("1,000,000", quantity), 1_000_000);
    assert.match(wantedWords(quantity), /to 1,000,000/);
  });
});
