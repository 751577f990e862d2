import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gateOutcome } from "#wsrally/judge/gate/gate-outcome.js";
import { judgeSeries } from "#wsrally/judge/series/judge-series.js";
import { oneSidedFailures } from "#wsrally/judge/series/one-sided-failures.js";
import { judged, question, spreadRatios, trialsFromRatios } from "../made-trials.js";

function comparisonAt(centre: number, spread: number) {
  return judged(judgeSeries(question(trialsFromRatios(spreadRatios(14, centre, spread))))).comparisons;
}
const worse = comparisonAt(0.1, 0.05);
const better = comparisonAt(-0.1, 0.05);
const equivalent = comparisonAt(0, 0.03);
const inconclusive = comparisonAt(0.03, 0.4);

describe("gateOutcome()", () => {
  const failure = { candidate: "cand", kind: "reset", trials: 2 };
  const table = [
    {
      name: "equivalent and better",
      comparisons: [...equivalent, ...better],
      failures: [],
      outcome: "passed",
      reasons: [],
    },
    {
      name: "one inconclusive",
      comparisons: [...equivalent, ...inconclusive],
      failures: [],
      outcome: "inconclusive",
      reasons: ["inconclusive"],
    },
    {
      name: "one worse, one inconclusive",
      comparisons: [...inconclusive, ...worse],
      failures: [],
      outcome: "failed",
      reasons: ["worse"],
    },
    {
      name: "failures of the candidate alone",
      comparisons: equivalent,
      failures: [failure],
      outcome: "failed",
      reasons: ["failures"],
    },
    {
      name: "failures beside an inconclusive",
      comparisons: inconclusive,
      failures: [failure],
      outcome: "failed",
      reasons: ["failures"],
    },
  ];
  for (const { name, comparisons, failures, outcome, reasons } of table) {
    it(`is ${outcome} with ${name}`, () => {
      const found = gateOutcome(comparisons, failures);
      assert.equal(found.outcome, outcome);
      assert.deepEqual(
        found.reasons.map(({ kind }) => kind),
        reasons,
      );
    });
  }
});

describe("oneSidedFailures()", () => {
  const table: readonly {
    name: string;
    trials: readonly (readonly [arm: string, ...kinds: string[]])[];
    found: readonly (readonly [candidate: string, kind: string, trials: number])[];
  }[] = [
    { name: "nothing without failures", trials: [["base"], ["cand"]], found: [] },
    { name: "nothing in a single trial", trials: [["base"], ["cand", "reset", "reset"]], found: [] },
    {
      name: "a kind in two trials",
      trials: [
        ["cand", "reset"],
        ["cand", "reset"],
      ],
      found: [["cand", "reset", 2]],
    },
    {
      name: "nothing that the baseline has too",
      trials: [
        ["base", "reset"],
        ["cand", "reset"],
        ["cand", "reset"],
      ],
      found: [],
    },
    {
      name: "each candidate's own kinds, sorted",
      trials: [
        ["base", "tls"],
        ["b", "eof", "tls", "closed"],
        ["b", "closed", "eof"],
        ["a", "eof"],
        ["a", "eof"],
      ],
      found: [
        ["a", "eof", 2],
        ["b", "closed", 2],
        ["b", "eof", 2],
      ],
    },
  ];
  for (const { name, trials, found } of table) {
    it(`finds ${name}`, () => {
      const failures = oneSidedFailures(
        trials.map(([arm, ...kinds]) => ({ arm, kinds })),
        { baseline: "base", candidates: ["a", "b", "cand"] },
      );
      assert.deepEqual(
        failures.map(({ candidate, kind, trials: count }) => [candidate, kind, count]),
        found,
      );
    });
  }
});
