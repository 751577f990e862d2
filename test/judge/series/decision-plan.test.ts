import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type DecisionPlan,
  decisionPlanFaults,
  defaultDecisionPlan,
  marginOf,
} from "#wsrally/judge/series/decision-plan.js";

describe("decisionPlanFaults()", () => {
  it("finds none in the default plan", () => assert.deepEqual(decisionPlanFaults(defaultDecisionPlan), []));

  const table: readonly { changes: Partial<DecisionPlan>; fault: RegExp }[] = [
    { changes: { looks: [], fractions: [], fractionsEq: [] }, fault: /looks must not be empty/ },
    { changes: { looks: [14, 14, 40, 60] }, fault: /ascend/ },
    { changes: { looks: [14, 24.5, 40, 60] }, fault: /whole/ },
    { changes: { looks: [0, 24, 40, 60], minBlocks: 8 }, fault: /ascend/ },
    {
      changes: { looks: [14, 24, 40] },
      fault: /fractions must be as many as looks; .*fractionsEq must be as many as looks/,
    },
    { changes: { fractions: [0.15, 0, 0.25, 0.45] }, fault: /fractions must be above 0/ },
    { changes: { fractionsEq: [0.15, 0, 0.25, 0.45] }, fault: /fractionsEq must be above 0/ },
    { changes: { fractions: [0.25, 0.25, 0.25, 0.45] }, fault: /fractions must add up to at most 1/ },
    { changes: { fractionsEq: [0.25, 0.25, 0.25, 0.45] }, fault: /fractionsEq must add up to at most 1/ },
    { changes: { alpha: 0 }, fault: /alpha must/ },
    { changes: { alpha: 0.6 }, fault: /alpha must/ },
    { changes: { alphaEq: Number.NaN }, fault: /alphaEq must/ },
    { changes: { margins: { p50: 0 } }, fault: /margins/ },
    { changes: { otherMargin: Number.POSITIVE_INFINITY }, fault: /margins/ },
    { changes: { minBlocks: 0 }, fault: /minBlocks/ },
    { changes: { minBlocks: 15 }, fault: /before minBlocks/ },
  ];
  for (const { changes, fault } of table) {
    it(`refuses ${JSON.stringify(changes)}`, () => {
      assert.match(decisionPlanFaults({ ...defaultDecisionPlan, ...changes }).join("; "), fault);
    });
  }

  it("reports all faults together", () => {
    assert.equal(decisionPlanFaults({ ...defaultDecisionPlan, alpha: 0, minBlocks: 0 }).length, 2);
  });
});

describe("marginOf()", () => {
  it("is the metric's own, or the other metrics'", () => {
    assert.equal(marginOf(defaultDecisionPlan, "p99"), 0.2);
    assert.equal(marginOf({ ...defaultDecisionPlan, otherMargin: 0.3 }, "rssBytes"), 0.3);
  });
});
