import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gateNoise } from "#wsrally/judge/gate/gate-noise.js";
import { judgeGate } from "#wsrally/judge/gate/judge-gate.js";
import type { GatePair } from "#wsrally/results/gate-schema.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import type { SloResult } from "#wsrally/results/slo-schema.js";
import type { Failure, TrialResult } from "#wsrally/results/trial-schema.js";
import { makeArm, makeComparison, makeDocument, makeTrial } from "../../report/run-documents.js";

const names = { baseline: "on", candidate: "off" };
const pair: GatePair = { ...names, sameConfig: false, diff: [], otherFiles: [], regressions: [] };
const regression: GatePair["regressions"][number] = {
  id: "upgrade",
  status: "fault",
  side: "proxy",
  title: "t",
  evidence: [],
  cause: null,
  cure: null,
  before: { status: "ok", title: "t" },
  fails: true,
};
const slo: SloResult = {
  arm: "off",
  expression: "p99 < 1ms",
  metric: "roundTrip.p99",
  operator: "<",
  limit: 1000,
  unit: "us",
  status: "met",
  value: 1,
  low: 1,
  high: 1,
  trials: 14,
  reason: null,
};
const reset: Failure = { kind: "reset", side: "proxy", count: 1, example: "x" };

function document(changes: Partial<RunDocument> = {}): RunDocument {
  const made = makeDocument({ comparisons: [], ...changes });
  return { ...made, scenario: { ...made.scenario, pairs: [names] } };
}

function arms(candidate: Partial<TrialResult>, baseline: Partial<TrialResult> = {}): RunDocument["arms"] {
  const trials = (change: Partial<TrialResult>): TrialResult[] =>
    Array.from({ length: 14 }, (_, block) => makeTrial(block, block < 2 ? change : {}));
  return [makeArm("on", { trials: trials(baseline) }), makeArm("off", { trials: trials(candidate) })];
}

const verdict = (
  word: "better" | "worse" | "equivalent" | "inconclusive",
): RunDocument["comparisons"][number] => makeComparison({ ...names, verdict: word });

describe("judgeGate()", () => {
  const rows: readonly [what: string, RunDocument, readonly GatePair[], outcome: string, kinds: string[]][] =
    [
      [
        "nothing in the way",
        document({ comparisons: [verdict("equivalent"), verdict("better")] }),
        [pair],
        "passed",
        [],
      ],
      [
        "worse",
        document({ comparisons: [verdict("worse"), verdict("inconclusive")] }),
        [pair],
        "failed",
        ["worse"],
      ],
      [
        "open",
        document({ comparisons: [verdict("inconclusive")] }),
        [pair],
        "inconclusive",
        ["inconclusive"],
      ],
      ["a finding", document(), [{ ...pair, regressions: [regression] }], "failed", ["finding"]],
      ["advice", document(), [{ ...pair, regressions: [{ ...regression, fails: false }] }], "passed", []],
      ["an SLO missed", document({ slo: [{ ...slo, status: "missed" }] }), [pair], "failed", ["slo"]],
      [
        "an SLO unknown",
        document({ slo: [{ ...slo, status: "unknown" }] }),
        [pair],
        "inconclusive",
        ["slo-unknown"],
      ],
      [
        "the baseline's SLO",
        document({ slo: [{ ...slo, arm: "on", status: "missed" }] }),
        [pair],
        "passed",
        [],
      ],
      ["failures", document({ arms: arms({ failures: [reset] }) }), [pair], "failed", ["failures"]],
      [
        "failures of both",
        document({ arms: arms({ failures: [reset] }, { failures: [reset] }) }),
        [pair],
        "passed",
        [],
      ],
      [
        "the client's own",
        document({ arms: arms({ failures: [{ ...reset, side: "client" }] }) }),
        [pair],
        "passed",
        [],
      ],
      [
        "failures while the processor was stolen",
        document({
          arms: arms({
            failures: [reset],
            generator: { cpuShare: 0.3, sendLagUsP99: 20, healthy: false, reasons: ["processor-stolen"] },
          }),
        }),
        [pair],
        "passed",
        [],
      ],
    ];
  for (const [what, run, pairs, outcome, kinds] of rows) {
    it(`calls it ${outcome}: ${what}`, () => {
      const judgement = judgeGate(run, pairs, { cutShort: false });
      assert.deepEqual([judgement.outcome, judgement.evidence.map(({ kind }) => kind)], [outcome, kinds]);
    });
  }

  it("is inconclusive when the time was up before anything could be measured", () => {
    const { outcome, evidence } = judgeGate(document({ arms: [] }), [pair], { cutShort: true });
    assert.deepEqual([outcome, evidence.map(({ kind }) => kind)], ["inconclusive", ["budget"]]);
  });
});

describe("gateNoise()", () => {
  it("says nothing of what was not measured", () => {
    assert.equal(gateNoise(document({ arms: [] })), null);
    const [noise] = [gateNoise(document({ arms: arms({}) }))];
    assert.deepEqual([noise?.stealShareP50, noise?.otherShareMax], [null, null]);
  });

  it("reads steal, other load, spread and what was lost", () => {
    const trials = Array.from({ length: 20 }, (_, block) =>
      makeTrial(block, {
        proxyCost: { cpuUsPerMessage: 90 + block, cpuShare: 0.1, rssBytes: 1, rssBytesPerConnection: 1 },
        generator: {
          cpuShare: 0.3,
          sendLagUsP99: 1,
          stealShare: block / 100,
          otherShare: 0.5,
          healthy: true,
          reasons: [],
        },
        disqualified: block === 19,
      }),
    );
    const noise = gateNoise(document({ arms: [makeArm("on", { trials }), makeArm("off", { trials: [] })] }));
    assert.deepEqual([noise?.stealShareP50, noise?.stealShareMax], [0.09, 0.19]);
    assert.deepEqual([noise?.otherShareP50, noise?.otherShareMax], [0.5, 0.5]);
    assert.deepEqual([noise?.trials, noise?.trialsOut], [20, 1]);
    // 19 values 90 … 108: quartiles by nearest rank 94 and 104, median 99.
    assert.ok(Math.abs((noise?.spread.cpuUsPerMessage ?? 0) - 5 / 99) < 1e-9);
  });
});
