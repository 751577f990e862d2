import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blockValues, logValues } from "#wsrally/judge/series/contrast-values.js";
import { latency, makeArm, makeTrial } from "../../report/run-documents.js";

/** A slot as slow as the machine was in its cycle, times what the arm is; the window's p50 says something else. */
const weather = [70, 71, 93, 69, 72, 70];

interface MadeTrial {
  readonly factor: number;
  readonly windowUs: number;
  readonly round?: number;
  readonly cycles?: readonly (number | null)[];
}

function armOf(name: string, ...trials: readonly MadeTrial[]) {
  return makeArm(name, {
    trials: trials.map(({ factor, windowUs, round = 0, cycles = weather }) => ({
      ...makeTrial(0, { latencyUs: { roundTrip: latency(windowUs, 5000), wire: latency(windowUs, 5000) } }),
      round,
      slots: { series: "wire" as const, p50Us: cycles.map((us) => (us === null ? null : us * factor)) },
    })),
  });
}

const against = (candidate: string, baseline: string, weight = 1) => [
  { arm: candidate, weight },
  { arm: baseline, weight: -weight },
];

function ratioOf(arms: readonly ReturnType<typeof armOf>[], terms: ReturnType<typeof against>): number {
  const [log = Number.NaN] = blockValues({ terms }, logValues(arms, "wire.p50"));
  return Math.exp(log);
}

function assertNear(value: number, wanted: number): void {
  assert.ok(Math.abs(value - wanted) < 1e-9, `${value}, wanted ${wanted}`);
}

describe("blockValues()", () => {
  const a = armOf("a", { factor: 1, windowUs: 80 });
  const b = armOf("b", { factor: 1.1, windowUs: 100 });

  it("goes cycle by cycle where arms shared the time", () => {
    assertNear(ratioOf([a, b], against("b", "a")), 1.1);
  });

  it("goes by the windows where fewer than five cycles are told by both", () => {
    const spotty = armOf("b", { factor: 1.1, windowUs: 100, cycles: [70, null, 93, 69, null, 70] });
    assertNear(ratioOf([a, spotty], against("b", "a")), 100 / 80);
  });

  it("adds up rounds that are each a contrast", () => {
    const c = armOf("c", { factor: 1, windowUs: 60, round: 1 });
    const d = armOf("d", { factor: 1.3, windowUs: 90, round: 1 });
    const terms = [...against("b", "a", 0.5), ...against("d", "c", 0.5)];
    assertNear(ratioOf([a, b, c, d], terms), Math.sqrt(1.1 * 1.3));
  });

  it("goes by the windows where arms of different rounds are set against each other", () => {
    const far = armOf("far", { factor: 1.1, windowUs: 96, round: 1 });
    assertNear(ratioOf([a, far], against("far", "a")), 96 / 80);
  });

  it("takes the mean of an arm that is in several rounds", () => {
    const twice = armOf("a", { factor: 1, windowUs: 80 }, { factor: 1, windowUs: 80 * 1.21, round: 1 });
    assertNear(ratioOf([twice, b], against("b", "a")), 100 / (80 * 1.1));
  });

  it("has nothing of a block in which an arm has no value", () => {
    assert.deepEqual(blockValues({ terms: against("b", "a") }, logValues([a], "wire.p50")), []);
  });
});
