import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MaskSource } from "#wsrally/websocket/mask-source.js";
import { Masker, rotateMask } from "#wsrally/websocket/masker.js";
import { fc } from "../support/seeded-fast-check.js";

/** RFC 6455, 5.3, word by word: octet i of the original with octet i modulo 4 of the key. */
function maskedByTheBook(bytes: Buffer, mask: number): Buffer {
  const key = Buffer.alloc(4);
  key.writeInt32LE(mask | 0);
  return bytes.map((byte, index) => byte ^ (key[index & 3] as number)) as Buffer;
}

describe("Masker", () => {
  it("masks as the RFC says, at every alignment, and nothing beside it", () => {
    const masker = new Masker();
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 100 }),
        fc.nat({ max: 40 }),
        fc.nat({ max: 9 }),
        fc.nat({ max: 2 ** 32 - 1 }),
        (content, before, skew, mask) => {
          // Within its array buffer a Buffer may begin anywhere.
          const buffer = Buffer.from(new ArrayBuffer(skew + before + content.length + 5), skew);
          buffer.fill(0x55);
          buffer.set(content, before);
          masker.apply(buffer, before, before + content.length, mask);
          const wanted = Buffer.concat([
            Buffer.alloc(before, 0x55),
            maskedByTheBook(Buffer.from(content), mask),
            Buffer.alloc(5, 0x55),
          ]);
          assert.deepEqual(buffer, wanted);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("goes on anywhere with the mask turned", () => {
    const mask = 0x89abcdef;
    for (const length of [10, 64, 1000]) {
      for (const place of [0, 1, 2, 3, 4, 7]) {
        const bytes = Buffer.alloc(length, 0x20);
        const masker = new Masker();
        masker.apply(bytes, 0, place, mask);
        masker.apply(bytes, place, length, rotateMask(mask, place));
        assert.deepEqual(bytes, maskedByTheBook(Buffer.alloc(length, 0x20), mask));
      }
    }
  });
});

describe("MaskSource", () => {
  it("gives a fresh word each time, past every refill, with all bits in play", () => {
    const source = new MaskSource();
    const words = Array.from({ length: 20_000 }, () => source.next());
    // 20,000 draws from 2³² share one with a chance of 4.5 %; three shared ones have a chance of 1 in 60,000.
    assert.ok(new Set(words).size >= 19_998);
    for (let bit = 0; bit < 32; bit++) {
      const share = words.filter((word) => ((word >>> bit) & 1) === 1).length / words.length;
      // Ten standard deviations.
      assert.ok(Math.abs(share - 0.5) < 0.036, `bit ${bit}: ${share}`);
    }
  });
});
