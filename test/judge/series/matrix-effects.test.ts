import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPrng, type Prng } from "#wsrally/base/prng.js";
import { type Matrix, matrixEffects } from "#wsrally/judge/series/matrix-effects.js";
import type { Effect } from "#wsrally/results/effect-schema.js";
import type { ArmResult } from "#wsrally/results/run-document.js";
import type { Point } from "#wsrally/scenario/axes.js";
import { makeArm, makeTrial } from "../../report/run-documents.js";
import { fc } from "../../support/seeded-fast-check.js";

const axes: Matrix["axes"] = [
  { name: "payload", kind: "workload", values: ["64", "8000"] },
  { name: "buffer", kind: "directive", values: ["4k", "16k"] },
  { name: "workers", kind: "directive", values: ["1", "2", "4"] },
];

const cells: readonly Point[] = ["64", "8000"].flatMap((payload) =>
  ["4k", "16k"].flatMap((buffer) => ["1", "2", "4"].map((workers) => ({ payload, buffer, workers }))),
);

interface MadeRun {
  readonly seed: number;
  readonly blocks: number;
  readonly noise: number;
  /** ln of what a cell multiplies the cost of a message by. */
  readonly logFactor: (cell: Point) => number;
}

/** Twelve uniform numbers less their mean: variance 1, close enough to normal. */
function nearlyNormal(prng: Prng): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += prng.nextFloat();
  return sum;
}

function made(
  { seed, blocks, noise, logFactor }: MadeRun,
  points = cells,
): { matrix: Matrix; arms: ArmResult[] } {
  const prng = createPrng(seed);
  const named = points.map((cell) => ({ name: Object.values(cell).join("-"), cell }));
  const arms = named.map(({ name, cell }) =>
    makeArm(name, {
      trials: Array.from({ length: blocks }, (_, block) => {
        // All of a block share the machine's state.
        const drift = 0.3 * Math.sin(block);
        const cpuUsPerMessage = 9 * Math.exp(drift + logFactor(cell) + noise * nearlyNormal(prng));
        return makeTrial(block, {
          proxyCost: { cpuUsPerMessage, cpuShare: null, rssBytes: null, rssBytesPerConnection: null },
        });
      }),
    }),
  );
  return { matrix: { axes, arms: named, metrics: ["cpuUsPerMessage"] }, arms };
}

function effectsOf(run: MadeRun, points?: readonly Point[]): Effect[] {
  const { matrix, arms } = made(run, points);
  return matrixEffects(matrix, arms);
}

const logs: Readonly<Record<string, number>> = { "8000": 0.4, "16k": -0.1, "2": 0.05, "4": 0.2 };
const product = (cell: Point): number =>
  Object.values(cell).reduce((sum, value) => sum + (logs[value] ?? 0), 0);

describe("matrixEffects()", () => {
  it("recovers the factors of any product without noise, and finds no interaction", () => {
    const factor = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(factor, factor, factor, factor, (large, big, two, four) => {
        const given: Readonly<Record<string, number>> = { "8000": large, "16k": big, "2": two, "4": four };
        const logFactor = (cell: Point): number =>
          Object.values(cell).reduce((sum, value) => sum + (given[value] ?? 0), 0);
        for (const effect of effectsOf({ seed: 1, blocks: 6, noise: 0, logFactor })) {
          const wanted = effect.interactsWith === null ? (given[effect.to] ?? 0) : 0;
          assert.ok(Math.abs(Math.log(effect.ratio ?? 0) - wanted) < 1e-9, JSON.stringify(effect));
        }
      }),
      { numRuns: 30 },
    );
  });

  it("has one main effect a step and one interaction for every two steps of two axes", () => {
    const effects = effectsOf({ seed: 1, blocks: 8, noise: 0.02, logFactor: product });
    const mains = effects.filter(({ interactsWith }) => interactsWith === null);
    assert.deepEqual(
      mains.map(({ axis, from, to, cells: averaged, equalLoad }) => [axis, from, to, averaged, equalLoad]),
      [
        ["payload", "64", "8000", 6, false],
        ["buffer", "4k", "16k", 6, true],
        ["workers", "1", "2", 4, true],
        ["workers", "1", "4", 4, true],
      ],
    );
    assert.equal(effects.length - mains.length, 1 + 2 + 2);
    assert.ok(
      effects.filter(({ interactsWith }) => interactsWith !== null).every(({ equalLoad }) => equalLoad),
    );
  });

  it("measures an interaction as the ratio of two ratios", () => {
    const logFactor = (cell: Point): number =>
      product(cell) + (cell.payload === "8000" && cell.buffer === "16k" ? Math.log(1.3) : 0);
    const effects = effectsOf({ seed: 3, blocks: 14, noise: 0.02, logFactor });
    const found = effects.filter(({ interactsWith, matters }) => interactsWith !== null && matters);
    assert.equal(found.length, 1);
    assert.deepEqual([found[0]?.axis, found[0]?.interactsWith?.axis], ["payload", "buffer"]);
    assert.ok(Math.abs((found[0]?.ratio ?? 0) / 1.3 - 1) < 0.03, `${found[0]?.ratio}`);
  });

  it("says that an interaction matters in at most 5 % of runs where there is none", () => {
    const runs = 300;
    let flagged = 0;
    for (let seed = 0; seed < runs; seed++) {
      const effects = effectsOf({ seed, blocks: 14, noise: 0.1, logFactor: product });
      if (effects.some(({ interactsWith, matters }) => interactsWith !== null && matters)) flagged++;
    }
    // 99.9 % of what a chance of 5 % gives in 300 runs.
    assert.ok(flagged <= 28, `${flagged} of ${runs}`);
  });

  it("averages over what an excluded cell leaves, and uses no block in which a cell was lost", () => {
    const left = cells.filter(({ buffer, workers }) => !(buffer === "16k" && workers === "4"));
    const effects = effectsOf({ seed: 1, blocks: 8, noise: 0, logFactor: product }, left);
    const buffer = effects.find(({ axis, interactsWith }) => axis === "buffer" && interactsWith === null);
    assert.equal(buffer?.cells, 4);
    const crossed = effects.filter(
      ({ axis, interactsWith }) => axis === "buffer" && interactsWith?.axis === "workers",
    );
    assert.deepEqual(
      crossed.map(({ interactsWith }) => interactsWith?.to),
      ["2"],
    );
    const { matrix, arms } = made({ seed: 1, blocks: 8, noise: 0, logFactor: product });
    const [first, ...others] = arms as [ArmResult, ...ArmResult[]];
    const lost = {
      ...first,
      trials: first.trials.map((trial) => ({ ...trial, disqualified: trial.block < 3 })),
    };
    assert.ok(matrixEffects(matrix, [lost, ...others]).some(({ blocks }) => blocks === 5));
  });

  it("has no number for what was never measured", () => {
    const { matrix, arms } = made({ seed: 1, blocks: 8, noise: 0, logFactor: product });
    const [effect] = matrixEffects({ ...matrix, metrics: ["wire.p50"] }, arms);
    assert.deepEqual(
      [effect?.blocks, effect?.ratio, effect?.ciLow, effect?.p, effect?.adjustedP, effect?.matters],
      [0, null, null, null, null, false],
    );
  });
});
