import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ConnectionProbe, searchConnections } from "#wsrally/trial/capacity/connection-search.js";
import type { StepOutcome } from "#wsrally/trial/capacity/rate-search.js";
import { fc } from "../../support/seeded-fast-check.js";

type System = (connections: number) => { readonly outcome: StepOutcome; readonly held: number };

function run(bounds: { first: number; most: number }, system: System) {
  const history: ConnectionProbe[] = [];
  for (let step = 0; step < 60; step++) {
    const state = searchConnections(bounds, history);
    if (state.kind !== "probe") return { state, history };
    history.push({ connections: state.connections, ...system(state.connections) });
  }
  throw new Error("The search did not end");
}

/** Beyond the limit, this share of it stays open. */
const table =
  (limit: number, heldShare = 1): System =>
  (connections) =>
    connections <= limit
      ? { outcome: "pass", held: connections }
      : { outcome: "fail", held: Math.floor(limit * heldShare) };

describe("searchConnections()", () => {
  it("finds any limit within 1 %, from any first number", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (limit, first, heldShare) => {
          const { state, history } = run({ first, most: 30_000 }, table(limit, heldShare));
          assert.equal(state.kind, "found");
          if (state.kind !== "found") return;
          assert.ok(state.held <= limit && limit < state.brokeAt);
          assert.ok(state.brokeAt - state.held <= Math.max(1, 0.01 * state.held));
          assert.ok(history.length <= 45, `${history.length} steps`);
        },
      ),
    );
  });

  it("tries what a broken step held on to, which is the limit itself as a rule", () => {
    const { history } = run({ first: 119, most: 2000 }, table(511));
    assert.ok(history.length <= 9, `${history.length} steps`);
    assert.ok(history.some(({ connections, outcome }) => connections === 511 && outcome === "pass"));
  });

  it("says that nothing broke", () => {
    const { state } = run({ first: 100, most: 1000 }, table(50_000));
    assert.deepEqual(state, { kind: "not-met", held: 1000 });
  });

  it("says where the generator gave out", () => {
    const { state } = run({ first: 100, most: 10_000 }, (connections) =>
      connections <= 1000 ? { outcome: "pass", held: connections } : { outcome: "void", held: 1000 },
    );
    assert.ok(state.kind === "generator-limit" && state.held === 800);
  });

  it("gives up where not even one is held", () => {
    assert.equal(run({ first: 100, most: 1000 }, table(0)).state.kind, "never");
  });
});
