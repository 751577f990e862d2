/**
 * The search against systems whose capacity is known.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPrng } from "#wsrally/base/prng.js";
import {
  posteriorSoFar,
  type RateProbe,
  type StepOutcome,
  searchRate,
} from "#wsrally/trial/capacity/rate-search.js";
import { fc } from "../../support/seeded-fast-check.js";

type System = (load: number) => StepOutcome;

function run(first: number, system: System) {
  const history: RateProbe[] = [];
  for (let step = 0; step < 100; step++) {
    const state = searchRate(first, history);
    if (state.kind !== "probe") return { state, history };
    history.push({ load: state.load, outcome: system(state.load) });
  }
  throw new Error("The search did not end");
}

const sharp =
  (capacity: number): System =>
  (load) =>
    load <= capacity ? "pass" : "fail";

describe("searchRate()", () => {
  it("finds a sharp capacity within 5 %, wherever it lies, in at most 26 steps", () => {
    fc.assert(
      fc.property(fc.double({ min: 100, max: 40_000, noNaN: true }), (capacity) => {
        const { state, history } = run(1000, sharp(capacity));
        assert.equal(state.kind, "found");
        if (state.kind !== "found") return;
        assert.ok(Math.abs(Math.log(state.posterior.median / capacity)) < 0.05, `${state.posterior.median}`);
        assert.ok(history.length <= 26, `${history.length} steps`);
      }),
    );
  });

  it("is rarely wrong by more than 10 % where steps are noisy and one in twenty lies", () => {
    const prng = createPrng(11);
    let wrong = 0;
    let steps = 0;
    for (let search = 0; search < 300; search++) {
      const { state, history } = run(1000, (load) => {
        if (prng.nextFloat() < 0.05) return prng.nextFloat() < 0.5 ? "pass" : "fail";
        return load * (1 + 0.08 * (prng.nextFloat() - 0.5)) <= 5700 ? "pass" : "fail";
      });
      steps += history.length;
      if (state.kind !== "found" || Math.abs(Math.log(state.posterior.median / 5700)) > 0.1) wrong++;
    }
    assert.ok(wrong <= 9, `${wrong} of 300`);
    assert.ok(steps / 300 < 20, `${steps / 300} steps`);
  });

  it("repeats a load that failed before it believes it", () => {
    const state = searchRate(1000, [
      { load: 1000, outcome: "pass" },
      { load: 2000, outcome: "fail" },
    ]);
    assert.deepEqual(state, { kind: "probe", load: 2000 });
    const next = searchRate(1000, [
      { load: 1000, outcome: "pass" },
      { load: 2000, outcome: "fail" },
      { load: 2000, outcome: "pass" },
    ]);
    assert.deepEqual(next, { kind: "probe", load: 4000 });
  });

  it("goes down where the first load fails, and gives up in the end", () => {
    assert.equal(run(1000, sharp(100)).state.kind, "found");
    const { state } = run(1000, () => "fail");
    assert.ok(state.kind === "never" && state.lowest < 100, JSON.stringify(state));
  });

  it("says where the generator gives out, and that so much at least is carried", () => {
    for (const limit of [1500, 3100, 7900]) {
      const { state, history } = run(1000, (load) => (load <= limit ? "pass" : "void"));
      assert.ok(state.kind === "generator-limit" && state.passed !== null);
      assert.ok(state.passed <= limit && state.passed > limit / 1.25, `${state.passed} of ${limit}`);
      assert.ok(history.length < 20);
    }
  });

  it("counts a void step for nothing: the capacity is the same", () => {
    let turn = 0;
    const steady = run(1000, sharp(6000)).state;
    const shaky = run(1000, (load) => (turn++ % 2 === 0 ? "void" : sharp(6000)(load))).state;
    assert.ok(steady.kind === "found" && shaky.kind === "found");
    assert.equal(shaky.posterior.median, steady.posterior.median);
  });

  it("tells nothing where the generator is never fit", () => {
    const { state, history } = run(1000, () => "void");
    assert.ok(state.kind === "generator-limit" && state.passed === null);
    assert.ok(history.length <= 8);
  });

  it("ends after forty steps that decide nothing", () => {
    let turn = 0;
    const { state } = run(1000, (load) => (load < 4000 ? "pass" : turn++ % 3 === 0 ? "pass" : "fail"));
    assert.equal(state.kind, "found");
  });
});

describe("posteriorSoFar()", () => {
  it("knows nothing before a load has failed twice", () => {
    const history: RateProbe[] = [
      { load: 1000, outcome: "pass" },
      { load: 2000, outcome: "fail" },
    ];
    assert.equal(posteriorSoFar(1000, history), null);
    const posterior = posteriorSoFar(1000, [...history, { load: 2000, outcome: "fail" }]);
    assert.ok(posterior !== null && posterior.median > 1000 && posterior.median < 2000);
  });
});
