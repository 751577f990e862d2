import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPrng } from "#wsrally/base/prng.js";
import { backoffMs } from "#wsrally/load/backoff.js";

describe("backoffMs()", () => {
  it("grows with the tries, never beyond ten seconds, and is spread over the whole of it", () => {
    const prng = createPrng(3);
    for (const [tries, most] of [
      [0, 500],
      [1, 1000],
      [3, 4000],
      [6, 10_000],
      [255, 10_000],
    ] as const) {
      const waits = Array.from({ length: 500 }, () => backoffMs("backoff", tries, prng));
      assert.ok(Math.max(...waits) < most && Math.max(...waits) > 0.9 * most, `${tries} tries`);
      assert.ok(Math.min(...waits) < 0.1 * most, `${tries} tries`);
    }
  });

  it("does not wait before the first try of a client that does not think", () => {
    assert.deepEqual(
      [0, 1, 9].map((tries) => backoffMs("at-once", tries, createPrng(1))),
      [0, 100, 100],
    );
  });

  it("is a second each time for a client that waits", () => {
    assert.deepEqual(
      [0, 1, 9].map((tries) => backoffMs("fixed", tries, createPrng(1))),
      [1000, 1000, 1000],
    );
  });
});
