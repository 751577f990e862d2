import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fitScalability } from "#wsrally/stats/universal-scalability.js";
import { fc } from "../support/seeded-fast-check.js";
import { assertNear } from "./stats-vectors.js";

const law = (gamma: number, alpha: number, beta: number) => (n: number) =>
  (gamma * n) / (1 + alpha * (n - 1) + beta * n * (n - 1));

describe("fitScalability()", () => {
  it("finds the law that made the points", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1000, max: 100_000, noNaN: true }),
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        fc.double({ min: 0, max: 0.02, noNaN: true }),
        (gamma, alpha, beta) => {
          const carried = law(gamma, alpha, beta);
          const fit = fitScalability([1, 2, 4, 8].map((workers) => ({ workers, carried: carried(workers) })));
          assert.ok(fit !== null);
          assertNear(fit.perWorker / gamma, 1, 1e-3, "per worker");
          assertNear(fit.contention, alpha, 1e-3, "contention");
          assertNear(fit.coherency, beta, 1e-3, "coherency");
          assertNear(fit.carriedBy(16) / carried(16), 1, 0.02, "16 workers");
        },
      ),
    );
  });

  it("takes coherency as 0 where only two numbers were run", () => {
    const fit = fitScalability([
      { workers: 1, carried: 50_000 },
      { workers: 2, carried: 90_000 },
    ]);
    assertNear(fit?.contention ?? 0, 1 / 9, 1e-9, "contention");
    assert.equal(fit?.coherency, 0);
  });

  it("never has a coefficient below 0: more than in proportion is taken as in proportion", () => {
    const fit = fitScalability([
      { workers: 1, carried: 1000 },
      { workers: 2, carried: 2100 },
      { workers: 4, carried: 4400 },
    ]);
    assert.ok(fit !== null && fit.contention === 0 && fit.coherency === 0);
  });

  it("needs two numbers of workers", () => {
    assert.equal(fitScalability([]), null);
    assert.equal(fitScalability([{ workers: 2, carried: 5 }]), null);
  });
});
