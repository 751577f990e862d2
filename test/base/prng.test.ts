import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPrng, nextBelow, shuffled } from "#wsrally/base/prng.js";
import { fc } from "../support/seeded-fast-check.js";

describe("createPrng()", () => {
  it("gives the same numbers for the same seed, and others for another", () => {
    const draw = (seed: number): number[] => {
      const prng = createPrng(seed);
      return Array.from({ length: 8 }, () => prng.nextUint32());
    };
    assert.deepEqual(draw(7), draw(7));
    assert.notDeepEqual(draw(7), draw(8));
  });
});

describe("nextBelow()", () => {
  it("stays below its bound and reaches every value evenly", () => {
    const prng = createPrng(1);
    const counts = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < 60_000; i++) {
      const value = nextBelow(prng, 6);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    for (const count of counts) assert.ok(Math.abs(count - 10_000) < 500, `${counts}`);
  });
});

describe("shuffled()", () => {
  it("keeps every item", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const result = shuffled(items, createPrng(seed));
        assert.deepEqual([...result].sort(), [...items].sort());
      }),
    );
  });

  it("puts two arms first about as often", () => {
    const prng = createPrng(3);
    let first = 0;
    for (let i = 0; i < 10_000; i++) first += shuffled(["a", "b"], prng)[0] === "a" ? 1 : 0;
    assert.ok(Math.abs(first - 5000) < 200, `${first}`);
  });
});
