import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { withStalls } from "#wsrally/judge/stalls.js";
import type { ArmResult } from "#wsrally/results/run-document.js";
import type { SlicesResult } from "#wsrally/results/slices-schema.js";
import { makeArm, makeSlices, makeTrial } from "../report/run-documents.js";
import { fc } from "../support/seeded-fast-check.js";

function armOf(name: string, trials: readonly (SlicesResult | null)[], group = ""): ArmResult {
  return makeArm(name, { group, trials: trials.map((slices, block) => makeTrial(block, { slices })) });
}

const stalled = makeSlices({ 3: 20_000 });
const inFourth = (us: number): number[] => Array.from({ length: 10 }, (_, index) => (index === 3 ? us : 0));

describe("withStalls()", () => {
  for (const [what, slices, stalls] of [
    ["no slice that stands out", makeSlices(), [0, 0]],
    ["one of just four times the median", makeSlices({ 3: 1200 }), [0, 0]],
    ["one beyond", makeSlices({ 3: 1201 }), [1, 0]],
    ["two", makeSlices({ 3: 20_000, 4: 15_000 }), [2, 0]],
    ["one in which the generator stood still", makeSlices({ 3: 20_000 }, { 3: 18_000 }), [0, 1]],
    ["one in which the backend did", { ...stalled, backendGapUs: inFourth(12_000) }, [0, 1]],
    ["one in which the hypervisor took as much", { ...stalled, stolenUs: inFourth(10_000) }, [0, 1]],
    ["a pause in another slice", makeSlices({ 3: 20_000 }, { 5: 18_000 }), [1, 0]],
    ["a pause too short for it", makeSlices({ 3: 20_000 }, { 3: 9_000 }), [1, 0]],
  ] as const) {
    it(`counts ${what}`, () => {
      const plain = [makeSlices(), makeSlices(), makeSlices()];
      const [arm] = withStalls([armOf("a", [slices, ...plain]), armOf("b", plain)]);
      const [trial] = arm?.trials ?? [];
      assert.equal(arm?.stallsAboveUs, 1200);
      assert.deepEqual([trial?.stallsPerS, trial?.stallsSetAside], stalls);
    });
  }

  it("draws the line for each load by itself, and from trials that count alone", () => {
    const slow = { ...makeSlices(), p99Us: Array.from({ length: 10 }, () => 9000) };
    const out = { ...makeTrial(0, { slices: slow }), disqualified: true };
    const arms = [
      armOf("a", [makeSlices()], "small"),
      armOf("b", [slow], "large"),
      makeArm("c", { group: "small", trials: [out] }),
    ];
    assert.deepEqual(
      withStalls(arms).map(({ stallsAboveUs }) => stallsAboveUs),
      [1200, 36_000, 1200],
    );
  });

  it("says nothing of a trial whose slices tell nothing, and leaves an older document as it is", () => {
    const told = armOf("a", [makeSlices(), null]);
    assert.deepEqual(
      withStalls([told])[0]?.trials.map(({ stallsPerS }) => stallsPerS),
      [0, null],
    );
    const older = [makeArm("a")];
    assert.deepEqual(withStalls(older), older);
  });

  it("finds the same stalls whichever of two arms has which name", () => {
    const tails = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(tails, tails, (one, other) => {
        const [a, b] = [one, other].map((p99Us) => ({ ...makeSlices(), p99Us }));
        const found = withStalls([armOf("x", [a ?? null]), armOf("y", [b ?? null])]);
        const turned = withStalls([armOf("x", [b ?? null]), armOf("y", [a ?? null])]);
        const stallsOf = (arm: ArmResult | undefined) => arm?.trials.map(({ stallsPerS }) => stallsPerS);
        assert.deepEqual(
          [stallsOf(found[0]), stallsOf(found[1])],
          [stallsOf(turned[1]), stallsOf(turned[0])],
        );
      }),
      { numRuns: 100 },
    );
  });
});
