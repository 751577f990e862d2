import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cutToWidth, displayWidth, escapeControls, wrapText } from "#wsrally/report/draw/plain-text.js";
import { fc } from "../../support/seeded-fast-check.js";

describe("escapeControls()", () => {
  for (const [raw, escaped] of [
    ["503\r\nx\ty", "503\\r\\nx\\ty"],
    ["\u001b[2J", "\\x1b[2J"],
    ["\u009b31m\u007f\u0000", "\\x9b31m\\x7f\\x00"],
    ["\u202egnp\u2028", "\\u{202e}gnp\\u{2028}"],
    ["\ud800", "\\u{d800}"],
    ["a\u00a0b\u3000", "a\\xa0b\\u{3000}"],
    ["naïve µs 日本 👍", "naïve µs 日本 👍"],
  ] as const) {
    it(`writes ${JSON.stringify(raw)} out`, () => assert.equal(escapeControls(raw), escaped));
  }
});

describe("cutToWidth()", () => {
  it("keeps what fits and marks what it cuts", () => {
    assert.equal(cutToWidth("abcdef", 6), "abcdef");
    assert.equal(cutToWidth("abcdef", 5), "abcd…");
    assert.equal(cutToWidth("abc def", 5), "abc…");
    assert.equal(cutToWidth("日本語", 4), "日…");
    assert.equal(cutToWidth("abc", 0), "");
  });

  it("never exceeds the width", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat({ max: 30 }), (text, width) => {
        assert.ok(displayWidth(cutToWidth(text, width)) <= width);
      }),
    );
  });
});

describe("wrapText()", () => {
  it("hangs the lines after the first", () => {
    assert.deepEqual(wrapText("one two three", 9, { first: 0, rest: 2 }), ["one two", "  three"]);
  });

  it("gives no line for no words", () => {
    assert.deepEqual(wrapText("  ", 9), []);
  });

  it("loses nothing but spaces, and never exceeds the width", () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom("a", "語", "-"), maxLength: 30 }));
    fc.assert(
      fc.property(words, fc.integer({ min: 10, max: 60 }), (parts, width) => {
        const lines = wrapText(parts.join(" "), width, { first: 2, rest: 4 });
        for (const line of lines) assert.ok(displayWidth(line) <= width);
        assert.equal(lines.join("").replaceAll(" ", ""), parts.join(""));
      }),
    );
  });
});
