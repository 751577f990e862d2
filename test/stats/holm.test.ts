import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { holm } from "#wsrally/stats/holm.js";
import { fc } from "../support/seeded-fast-check.js";
import { assertNear, statsVectors, tolerance } from "./stats-vectors.js";

const somePValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });
const someLevel = fc.double({ min: 0.001, max: 0.5, noNaN: true });

describe("holm()", () => {
  statsVectors.holm.forEach((vector, index) => {
    it(`agrees with golden vector ${index}`, () => {
      holm(vector.p, vector.alpha).forEach((step, i) => {
        assert.equal(step.rejected, vector.rejected[i]);
        assertNear(step.level, vector.level[i] ?? null, tolerance.pValue, `level ${i}`);
        assertNear(step.adjusted, vector.adjusted[i] ?? null, tolerance.pValue, `adjusted ${i}`);
      });
    });
  });

  it("has no steps for an empty family", () => assert.deepEqual(holm([], 0.01), []));

  it("never rejects beyond the first that is not rejected", () => {
    const steps = holm([0.04, 0.03, 0.001], 0.05);
    assert.deepEqual(
      steps.map(({ rejected }) => rejected),
      [false, false, true],
    );
    assert.deepEqual(
      steps.map(({ level }) => level),
      [0.025, 0.025, 0.05 / 3],
    );
  });

  it("takes equal p-values in the order given", () => {
    assert.deepEqual(
      holm([0.02, 0.02], 0.03).map(({ level }) => level),
      [0.015, 0.015],
    );
    assert.deepEqual(
      holm([0.01, 0.01], 0.03).map(({ level }) => level),
      [0.015, 0.03],
    );
  });

  it("rejects exactly where the adjusted p is within the family level", () => {
    fc.assert(
      fc.property(somePValues, someLevel, (pValues, familyLevel) => {
        for (const { rejected, adjusted } of holm(pValues, familyLevel)) {
          // At the very edge p · m and p ≤ level / m may round differently.
          if (Math.abs(adjusted - familyLevel) > 1e-12) assert.equal(rejected, adjusted <= familyLevel);
        }
      }),
    );
  });

  it("lies between no correction and Bonferroni", () => {
    fc.assert(
      fc.property(somePValues, someLevel, (pValues, familyLevel) => {
        holm(pValues, familyLevel).forEach(({ rejected, adjusted }, i) => {
          const p = pValues[i] ?? Number.NaN;
          assert.ok(adjusted >= p && adjusted <= Math.min(1, p * pValues.length) + 1e-12);
          if (p <= familyLevel / pValues.length) assert.ok(rejected);
          if (p > familyLevel) assert.ok(!rejected);
        });
      }),
    );
  });
});
