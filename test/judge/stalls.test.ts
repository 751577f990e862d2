import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { withStalls } from "#wsrally/judge/stalls.js";
import type { ArmResult } from "#wsrally/results/run-document.js";
import type { SlicesResult } from "#wsrally/results/trial-schema.js";
import { makeArm, makeTrial } from "../report/run-documents.js";
import { fc } from "../support/seeded-fast-check.js";

/** Ten slices of 300 µs each, but for what is said of some. */
function slicesOf(changes: Partial<Record<keyof SlicesResult, Readonly<Record<number, number | null>>>>) {
  const list = <Usual>(key: keyof SlicesResult, usual: Usual) =>
    Array.from({ length: 10 }, (_, index) => (changes[key]?.[index] ?? usual) as Usual);
  const gaps = {
    generatorGapUs: list("generatorGapUs", 200),
    backendGapUs: list<number | null>("backendGapUs", 90),
  };
  const slices: SlicesResult = {
    lengthS: 0.1,
    series: "wire",
    p99Us: list<number | null>("p99Us", 300),
    ...gaps,
    stolenUs: list<number | null>("stolenUs", 0),
  };
  return slices;
}

function armOf(name: string, trials: readonly (SlicesResult | null)[], group = ""): ArmResult {
  return makeArm(name, { group, trials: trials.map((slices, block) => makeTrial(block, { slices })) });
}

describe("withStalls()", () => {
  for (const [what, changes, stalls] of [
    ["no slice that stands out", {}, [0, 0]],
    ["one of just four times the median", { p99Us: { 3: 1200 } }, [0, 0]],
    ["one beyond", { p99Us: { 3: 1201 } }, [1, 0]],
    ["two", { p99Us: { 3: 20_000, 4: 15_000 } }, [2, 0]],
    [
      "one in which the generator stood still",
      { p99Us: { 3: 20_000 }, generatorGapUs: { 3: 18_000 } },
      [0, 1],
    ],
    ["one in which the backend did", { p99Us: { 3: 20_000 }, backendGapUs: { 3: 12_000 } }, [0, 1]],
    ["one in which the hypervisor took as much", { p99Us: { 3: 20_000 }, stolenUs: { 3: 10_000 } }, [0, 1]],
    ["a pause in another slice", { p99Us: { 3: 20_000 }, generatorGapUs: { 5: 18_000 } }, [1, 0]],
    ["a pause too short for it", { p99Us: { 3: 20_000 }, generatorGapUs: { 3: 9_000 } }, [1, 0]],
  ] as const) {
    it(`counts ${what}`, () => {
      const plain = [slicesOf({}), slicesOf({}), slicesOf({})];
      const [arm] = withStalls([armOf("a", [slicesOf(changes), ...plain]), armOf("b", plain)]);
      const [trial] = arm?.trials ?? [];
      assert.equal(arm?.stallsAboveUs, 1200);
      assert.deepEqual([trial?.stallsPerS, trial?.stallsSetAside], stalls);
    });
  }

  it("draws the line for each load by itself, and from trials that count alone", () => {
    const slow = slicesOf({ p99Us: Object.fromEntries(Array.from({ length: 10 }, (_, i) => [i, 9000])) });
    const out = { ...makeTrial(0, { slices: slow }), disqualified: true };
    const arms = [
      armOf("a", [slicesOf({})], "small"),
      armOf("b", [slow], "large"),
      makeArm("c", { group: "small", trials: [out] }),
    ];
    assert.deepEqual(
      withStalls(arms).map(({ stallsAboveUs }) => stallsAboveUs),
      [1200, 36_000, 1200],
    );
  });

  it("says nothing of a trial whose slices tell nothing, and leaves an older document as it is", () => {
    const told = armOf("a", [slicesOf({}), null]);
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
        const [a, b] = [one, other].map((p99Us) => ({ ...slicesOf({}), p99Us }));
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
