/**
 * One step against what it is held to: pass, fail, or void where the generator was not fit.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judgeStep } from "#wsrally/judge/capacity/judge-step.js";
import type { TrialResult } from "#wsrally/results/trial-schema.js";
import { parseSlos } from "#wsrally/scenario/slo.js";
import { makeTrial, noLatency } from "../../report/run-documents.js";

const unfit = { cpuShare: 0.99, sendLagUsP99: 40_000, healthy: false, reasons: ["sends-late"] };
const reset = { kind: "reset", side: "proxy", count: 3, example: "ECONNRESET" } as const;
const short = { throughputPerS: 9000 } satisfies Partial<TrialResult>;
const queued = { throughputPerS: 9750 } satisfies Partial<TrialResult>;
const steady = { throughputPerS: 10_000 } satisfies Partial<TrialResult>;

// A made trial's response has a p99 of about 420 µs.
const rows: readonly (readonly [
  what: string,
  slo: string,
  changes: Partial<TrialResult>,
  outcome: string,
  because: RegExp,
])[] = [
  ["all is kept", "response.p99<20ms", steady, "pass", /^$/],
  ["an SLO is missed", "response.p99<100us", steady, "fail", /response\.p99<100us: 0\.4\d+ ms/],
  [
    "one clause of two is missed",
    "response.p99<20ms, throughput>20000",
    steady,
    "fail",
    /throughput>20000: 10000/,
  ],
  ["a percentile cannot be told", "wire.p99<20ms", steady, "void", /not told, too few messages/],
  ["the offer is not met", "response.p99<20ms", short, "fail", /9,000\/s of 10,000\/s offered came back/],
  [
    "the queue at the end is longer than the SLO allows",
    "response.p99<20ms",
    queued,
    "fail",
    /9,750\/s of 10,000\/s offered came back/,
  ],
  ["the queue at the end is one that the SLO allows", "response.p99<30ms", queued, "pass", /^$/],
  ["the queue grew all the time", "response.p99<1s", short, "fail", /9,000\/s of 10,000\/s offered/],
  ["a few replies lie across the edge", "response.p99<20ms", { throughputPerS: 9950 }, "pass", /^$/],
  [
    "there are failures",
    "response.p99<20ms",
    { ...steady, failures: [reset] },
    "fail",
    /3 reset \(ECONNRESET\)/,
  ],
  ["the SLO allows failures", "failures<=5", { ...steady, failures: [reset] }, "pass", /^$/],
  [
    "the SLO allows fewer failures",
    "failures<=2",
    { ...steady, failures: [reset] },
    "fail",
    /failures<=2: 3/,
  ],
  [
    "connections were lost",
    "failures<=5",
    { ...steady, connections: { requested: 1000, opened: 1000, failed: 0, held: 990 } },
    "fail",
    /990 of 1000 connections held/,
  ],
  [
    "replies are missing",
    "failures<=5",
    { ...steady, messages: { sent: 10_000, received: 9_990 } },
    "fail",
    /9990 of 10000 messages answered/,
  ],
  [
    "it failed while the generator was not fit",
    "response.p99<100us",
    { ...steady, generator: unfit },
    "void",
    /generator: sends-late/,
  ],
  [
    "it was kept while the generator was not fit",
    "response.p99<20ms",
    { ...steady, generator: unfit },
    "pass",
    /^$/,
  ],
  [
    "the generator ran out of ports",
    "response.p99<20ms",
    { ...steady, failures: [{ kind: "no-ports", side: "client", count: 1, example: "EADDRNOTAVAIL" }] },
    "void",
    /generator: no-ports/,
  ],
];

describe("judgeStep()", () => {
  for (const [what, slo, changes, outcome, because] of rows) {
    it(`says ${outcome} where ${what}`, () => {
      const verdict = judgeStep("search", parseSlos(slo), makeTrial(0, changes));
      assert.equal(verdict.outcome, outcome);
      assert.match(verdict.because.join("; "), because);
    });
  }

  it("holds connections to being open and answered, and to no latency", () => {
    const slos = parseSlos("response.p99<1us");
    const held = makeTrial(0, { ...short, latencyUs: { roundTrip: noLatency }, generator: unfit });
    assert.equal(judgeStep("connections", slos, held).outcome, "pass");
    const lost = makeTrial(0, { connections: { requested: 1000, opened: 999, failed: 1, held: 999 } });
    assert.equal(judgeStep("connections", slos, lost).outcome, "fail");
  });

  it("leaves a step for the costs out where anything went wrong", () => {
    assert.equal(judgeStep("payload", [], makeTrial(0)).outcome, "pass");
    assert.equal(judgeStep("payload", [], makeTrial(0, { generator: unfit })).outcome, "void");
    assert.equal(judgeStep("memory", [], makeTrial(0, { failures: [reset] })).outcome, "void");
  });
});
