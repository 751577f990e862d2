import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { finishedBlocks } from "#wsrally/judge/series/finished-blocks.js";
import { logRatios } from "#wsrally/judge/series/log-ratios.js";
import type { TrialOutcome } from "#wsrally/judge/trial-outcome.js";
import { fc } from "../../support/seeded-fast-check.js";

type Slots = readonly (number | null)[];

/** One block whose window came to 1.5 times as much in `cand` as in `base`, whatever their slots say. */
function ratioOf(base: Slots | undefined, cand: Slots | undefined, metric = "p50"): number {
  const trial = (arm: string, value: number, slots: Slots | undefined): TrialOutcome => ({
    block: 0,
    arm,
    usable: true,
    metrics: { [metric]: value },
    ...(slots === undefined ? {} : { slots: { [metric]: slots } }),
  });
  const outcomes = [trial("base", 100, base), trial("cand", 150, cand)];
  const blocks = finishedBlocks(outcomes, ["base", "cand"]);
  const { differences } = logRatios(blocks, { baseline: "base", candidate: "cand", metric });
  return Math.exp(differences[0] ?? Number.NaN);
}

const close = (actual: number, wanted: number): void =>
  assert.ok(Math.abs(actual - wanted) < 1e-9, `${actual}, not ${wanted}`);

describe("logRatios() of slots", () => {
  const still = [70, 70, 70, 70, 70];
  for (const { what, base, cand, wanted } of [
    { what: "equal arms", base: still, cand: still, wanted: 1 },
    { what: "a slower arm", base: still, cand: [77, 77, 77, 77, 77], wanted: 1.1 },
    {
      what: "a machine that changes in mid-cycle, beside what it does to both",
      base: [70, 70, 70, 113, 92],
      cand: [70, 70, 70, 70, 92],
      wanted: 1,
    },
    {
      what: "slots that tell nothing, left out",
      base: [70, null, ...still],
      cand: [70, 99, ...still],
      wanted: 1,
    },
    { what: "too few cycles: the windows' own", base: [70, 70, 70, 70], cand: still, wanted: 1.5 },
    { what: "one arm without: the windows' own", base: still, cand: undefined, wanted: 1.5 },
    { what: "no slots: the windows' own", base: undefined, cand: undefined, wanted: 1.5 },
    { what: "a slot of 0, which has no logarithm", base: [0, 70, 70, 70, 70], cand: still, wanted: 1.5 },
  ]) {
    it(`has ${wanted} of ${what}`, () => close(ratioOf(base, cand), wanted));
  }

  it("turns what is better when it is more", () =>
    close(ratioOf(still, [35, 35, 35, 35, 35], "throughputPerS"), 2));

  it("keeps differences of what has no ratio", () =>
    close(Math.log(ratioOf(still, still, "stallsPerS")), 50));

  const slots = fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 5, maxLength: 40 });
  it("is the inverse with the arms exchanged, so that equal arms are as likely above as below", () => {
    fc.assert(
      fc.property(slots, slots, (one, other) => {
        const length = Math.min(one.length, other.length);
        const [a, b] = [one.slice(0, length), other.slice(0, length)];
        close(Math.log(ratioOf(a, b)) + Math.log(ratioOf(b, a)), 0);
      }),
    );
  });

  it("finds a factor in all slots, whatever happens in fewer than half of the cycles", () => {
    const cycles = fc.array(
      fc.record({
        level: fc.double({ min: 1, max: 1e4, noNaN: true }),
        hit: fc.double({ min: 0.1, max: 10, noNaN: true }),
      }),
      { minLength: 5, maxLength: 40 },
    );
    fc.assert(
      fc.property(cycles, fc.double({ min: 0.5, max: 2, noNaN: true }), (drawn, factor) => {
        const hits = Math.ceil(drawn.length / 2) - 1;
        const base = drawn.map(({ level }) => level);
        const cand = drawn.map(({ level, hit }, cycle) => level * factor * (cycle < hits ? hit : 1));
        close(ratioOf(base, cand) / factor, 1);
      }),
    );
  });
});

describe("logRatios() of trials that are compared by another number than their value", () => {
  it("goes by that, where the trial has a value", () => {
    const trial = (arm: string, value: number | null, compared: number): TrialOutcome => ({
      block: 0,
      arm,
      usable: true,
      metrics: { "wire.steadyP99": value },
      compared: { "wire.steadyP99": compared },
    });
    const pairing = { baseline: "base", candidate: "cand", metric: "wire.steadyP99" };
    const found = (after: number | null) =>
      logRatios(
        finishedBlocks([trial("base", 100, 80), trial("cand", after, 88)], ["base", "cand"]),
        pairing,
      );
    close(Math.exp(found(90).differences[0] ?? Number.NaN), 1.1);
    assert.deepEqual(found(null).differences, []);
  });
});
