import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createOpenConnections, createTurns } from "#wsrally/load/shape/choose-turns.js";
import { type LoadShape, plainShape } from "#wsrally/load/shape/load-shape.js";
import { mixParts } from "#wsrally/trial/mix-parts.js";

interface Wish {
  readonly shape: Partial<LoadShape>;
  readonly ratePerS?: number;
  readonly connections?: number;
  readonly warmupS?: number;
  readonly arrivals?: "uniform" | "poisson";
}

/** What falls due in so many seconds: when, and on which connection. */
function turnsOf(seconds: number, wish: Wish): { readonly atS: number; readonly connection: number }[] {
  const { connections = 10, ratePerS = 100, warmupS = 0, arrivals = "uniform" } = wish;
  const job = { connections, seed: 3, shape: { ...plainShape, ...wish.shape } };
  const open = createOpenConnections(job);
  for (let connection = 0; connection < connections; connection++) open.add(connection);
  const order = { startNs: 5e9, measureNs: 5e9 + warmupS * 1e9, arrivals, phase: 0.5, ratePerS };
  const turns = createTurns(order, job, open);
  const due: { atS: number; connection: number }[] = [];
  for (let ns = turns.nextNs(); ns < seconds * 1e9; ns = turns.nextNs()) {
    due.push({ atS: ns / 1e9, connection: turns.nextConnection() ?? -1 });
  }
  return due;
}

/** How many fall due in each second. */
function perSecond(due: readonly { readonly atS: number }[], seconds: number): number[] {
  return Array.from({ length: seconds }, (_, at) => due.filter(({ atS }) => Math.floor(atS) === at).length);
}

describe("createTurns()", () => {
  it("goes round all connections, where they are alike", () => {
    const due = turnsOf(1, { shape: {} });
    assert.equal(due.length, 100);
    assert.deepEqual(
      due.slice(0, 10).map(({ connection }) => connection),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
  });

  for (const arrivals of ["uniform", "poisson"] as const) {
    it(`gives each connection the rate of its class, and all in order of time: ${arrivals}`, () => {
      const classes = [
        { share: 0.9, rate: 0.1 },
        { share: 0.08, rate: 5 },
        { share: 0.02, rate: 0 },
      ];
      const [mix = null] = mixParts(classes, [100], 1);
      const due = turnsOf(1000, { connections: 100, arrivals, shape: { mix } });
      assert.ok(due.every(({ atS }, at) => at === 0 || atS >= (due[at - 1]?.atS ?? 0)));
      const counts = Array.from({ length: 100 }, () => 0);
      for (const { connection } of due) counts[connection] = (counts[connection] ?? 0) + 1;
      const byRate = classes.map((_, one) => counts.filter((_, at) => mix?.classOf[at] === one));
      assert.deepEqual(
        byRate.map(({ length }) => length),
        [90, 8, 2],
      );
      assert.deepEqual(byRate[2], [0, 0]);
      const spread = arrivals === "poisson" ? 0.06 : 0.005;
      for (const [one, expected] of [100, 5000].entries()) {
        const of = byRate[one] ?? [];
        const mean = of.reduce((sum, count) => sum + count, 0) / of.length;
        assert.ok(Math.abs(mean / expected - 1) < spread, `class ${one}: ${mean}`);
        if (arrivals === "uniform") assert.ok(Math.max(...of) - Math.min(...of) <= 1, `${of}`);
      }
    });
  }

  it("holds, steps, spikes and goes evenly from one rate to another, its warm-up at the first", () => {
    const legs = [
      { forS: 2, from: 100, to: 100 },
      { forS: 4, from: 100, to: 500 },
      { forS: 1, from: 2000, to: 2000 },
      { forS: 2, from: 0, to: 0 },
      { forS: 2, from: 50, to: 50 },
    ];
    const ratePerS = 1000;
    const due = turnsOf(13, {
      warmupS: 1,
      ratePerS,
      shape: { rateLegs: { legs, ratePerS, fromStart: false } },
    });
    assert.deepEqual(perSecond(due, 13), [100, 100, 100, 150, 250, 350, 450, 2000, 0, 0, 50, 50, 50]);
  });

  it("holds its legs from the load's start where they say what the warm-up is", () => {
    const legs = [
      { forS: 1, from: 0, to: 0 },
      { forS: 1, from: 100, to: 100 },
      { forS: 1, from: 0, to: 0 },
    ];
    const ratePerS = 100;
    const shape = { rateLegs: { legs, ratePerS, fromStart: true } };
    assert.deepEqual(perSecond(turnsOf(4, { warmupS: 1, ratePerS, shape }), 4), [0, 100, 0, 0]);
  });

  it("gives a thread its share of every leg", () => {
    const legs = [
      { forS: 1, from: 100, to: 100 },
      { forS: 1, from: 300, to: 300 },
    ];
    const due = turnsOf(2, { ratePerS: 50, shape: { rateLegs: { legs, ratePerS: 200, fromStart: false } } });
    assert.deepEqual(perSecond(due, 2), [25, 75]);
  });

  it("draws arrivals by chance at the rate of the moment", () => {
    const legs = [{ forS: 100, from: 0, to: 200 }];
    const due = turnsOf(100, {
      arrivals: "poisson",
      shape: { rateLegs: { legs, ratePerS: 100, fromStart: false } },
    });
    assert.ok(Math.abs(due.length - 10_000) < 300, `${due.length}`);
    const early = due.filter(({ atS }) => atS < 50).length / due.length;
    assert.ok(Math.abs(early - 0.25) < 0.02, `${early}`);
    const gaps = due.slice(1).map(({ atS }, at) => atS - (due[at]?.atS ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    assert.ok(gaps.filter((gap) => gap < mean / 10).length > 500, "some come close together");
  });
});

describe("mixParts()", () => {
  it("shares classes out to the last connection, the same for a seed", () => {
    const classes = [
      { share: 0.9, rate: 1 },
      { share: 0.1, rate: 5 },
    ];
    const parts = mixParts(classes, [500, 499], 7);
    const all = parts.flatMap((mix) => [...(mix?.classOf ?? [])]);
    assert.equal(all.length, 999);
    assert.equal(all.filter((one) => one === 1).length, 100);
    assert.deepEqual(parts, mixParts(classes, [500, 499], 7));
    assert.notDeepEqual(parts, mixParts(classes, [500, 499], 8));
  });
});
