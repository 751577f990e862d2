import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deflateRawSync } from "node:zlib";
import { fillerOf } from "#wsrally/base/filler.js";

describe("fillerOf()", () => {
  for (const [binary, percent] of [
    [true, 0],
    [true, 30],
    [true, 70],
    [false, 50],
    [false, 90],
  ] as const) {
    it(`is of ${binary ? "bytes" : "text"} of which DEFLATE saves ${percent} %, message behind message`, () => {
      const { bytes, offsetOf } = fillerOf(binary, percent);
      const messages = Array.from({ length: 30 }, (_, sequence) => {
        const from = offsetOf(sequence);
        return bytes.subarray(from, from + 1000);
      });
      const all = Buffer.concat(messages);
      const saved = 100 * (1 - deflateRawSync(all).length / all.length);
      assert.ok(Math.abs(saved - percent) < 4, `${saved}`);
      if (!binary) assert.match(all.toString("latin1"), /^[ -~]+$/);
    });
  }
});
