import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { normalQuantile } from "#wsrally/stats/normal-quantile.js";
import { fc } from "../support/seeded-fast-check.js";
import { assertNear } from "./stats-vectors.js";

describe("normalQuantile()", () => {
  // Published tables (Abramowitz & Stegun 26.5; NIST), to the digits they give.
  const table: readonly { probability: number; z: number }[] = [
    { probability: 0.5, z: 0 },
    { probability: 0.8, z: 0.8416212335729143 },
    { probability: 0.9, z: 1.2815515655446004 },
    { probability: 0.925, z: 1.4395314709384563 },
    { probability: 0.975, z: 1.959963984540054 },
    { probability: 0.99, z: 2.3263478740408408 },
    { probability: 0.9995, z: 3.2905267314919255 },
    { probability: 1e-5, z: -4.264890793922825 },
    { probability: 1e-12, z: -7.034483825301131 },
  ];
  for (const { probability, z } of table) {
    it(`of ${probability} is ${z}`, () => assertNear(normalQuantile(probability), z, 1e-9, "z"));
  }

  it("is odd about one half and rises", () => {
    const probability = fc.double({ min: 1e-9, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(probability, probability, (p, q) => {
        assertNear(normalQuantile(1 - p), -normalQuantile(p), 1e-6, "mirrored");
        if (p < q) assert.ok(normalQuantile(p) <= normalQuantile(q));
      }),
    );
  });

  for (const probability of [0, 1, -0.1, 1.1, Number.NaN]) {
    it(`rejects ${probability}`, () => assert.throws(() => normalQuantile(probability), RangeError));
  }
});
