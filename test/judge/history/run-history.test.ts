import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runHistory } from "#wsrally/judge/history/run-history.js";
import { toHistoryEntry } from "#wsrally/judge/history/to-history-entry.js";
import { historyDocumentSchema } from "#wsrally/results/history-document.js";
import type { HistoryEntry } from "#wsrally/results/history-entry.js";
import { latency, makeArm, makeDocument, makeTrial } from "../../report/run-documents.js";
import { historyArm, historyEntry, madeHistory, ratioOf } from "../made-history.js";

const historyOf = (
  entries: readonly HistoryEntry[],
  reference: string | null = null,
  metric: "roundTrip.p50" | null = null,
) => historyDocumentSchema.parse(runHistory({ scenario: "site", entries, reference, metric }));

describe("runHistory()", () => {
  it("tells the run and the level of a change that was put in, and none where none was", () => {
    const history = historyOf(madeHistory(42, (run) => (run < 24 ? 0.02 : 0.1)));
    const [p50, cpu] = history.series;
    assert.deepEqual(
      p50?.changes.map(({ runId, previousRunId }) => [runId, previousRunId]),
      [[history.runs[24]?.runId, history.runs[23]?.runId]],
    );
    const [before, after] = p50?.levels ?? [];
    assert.deepEqual([before?.runs, after?.runs], [24, 18]);
    assert.ok(Math.abs(Math.log(before?.ratio ?? 0) - 0.02) < 0.012, `${before?.ratio}`);
    assert.ok(Math.abs(Math.log(after?.ratio ?? 0) - 0.1) < 0.012, `${after?.ratio}`);
    assert.ok(Math.abs((p50?.changes[0]?.shift ?? 0) - 0.083) < 0.02);
    assert.deepEqual(cpu?.changes, []);
    assert.equal(history.leftOut.length, 0);
  });

  it("holds intervals of 1.96 standard errors", () => {
    const [point] =
      historyOf([historyEntry(0, { ratios: [ratioOf({ logRatio: 0.1, se: 0.02 })] })]).series[0]?.points ??
      [];
    assert.ok(Math.abs((point?.ciHigh ?? 0) - Math.exp(0.1 + 1.959964 * 0.02)) < 1e-6);
    assert.ok(Math.abs((point?.ciLow ?? 0) - Math.exp(0.1 - 1.959964 * 0.02)) < 1e-6);
  });

  it("divides by another arm: the same numbers turned round", () => {
    const entries = madeHistory(30, (run) => (run < 12 ? 0 : 0.08));
    const [there] = historyOf(entries).series;
    const [back] = historyOf(entries, "site").series;
    assert.deepEqual([back?.arm, back?.reference], ["reference", "site"]);
    assert.deepEqual(
      back?.points.map(({ logRatio }) => -logRatio + 0),
      there?.points.map(({ logRatio }) => logRatio + 0),
    );
    assert.deepEqual(
      back?.changes.map(({ runId, shiftLog }) => [runId, -shiftLog]),
      there?.changes.map(({ runId, shiftLog }) => [runId, shiftLog]),
    );
  });

  it("shows one metric alone where asked", () => {
    const { series } = historyOf(
      madeHistory(6, () => 0),
      null,
      "roundTrip.p50",
    );
    assert.deepEqual(
      series.map(({ metric }) => metric),
      ["roundTrip.p50"],
    );
  });

  describe("leaves out, with the reason", () => {
    const newest = historyEntry(9);
    const rows: readonly (readonly [code: string, reason: RegExp, entry: Partial<HistoryEntry>])[] = [
      ["no-reference", /no arm reference/, { arms: [historyArm("other"), historyArm("site")] }],
      [
        "other-config",
        /another config/,
        { arms: [historyArm("reference", { configSha256: "ff" }), historyArm("site")] },
      ],
      [
        "other-version",
        /ran on nginx 1\.22\.1/,
        { arms: [historyArm("reference", { version: "1.22.1" }), historyArm("site")] },
      ],
      [
        "other-load",
        /another load: connections 5 and 1000/,
        { arms: [historyArm("reference", { load: { connections: 5 } }), historyArm("site")] },
      ],
      ["too-few-blocks", /fewer than 8 complete blocks/, { ratios: [ratioOf({ blocks: 7 })] }],
    ];
    for (const [code, reason, changes] of rows) {
      it(code, () => {
        const history = historyOf([historyEntry(0, changes), newest]);
        assert.deepEqual(
          history.leftOut.map((one) => one.code),
          [code],
        );
        assert.match(history.leftOut[0]?.reason ?? "", reason);
        assert.equal(history.runs.length, 2);
        assert.equal(history.series[0]?.points.length, 1);
      });
    }

    it("but not a run on another machine, or under a key of a load that came later", () => {
      const arms = [
        historyArm("reference", { load: { ...newest.arms[0]?.load, later: true } }),
        historyArm("site"),
      ];
      assert.deepEqual(historyOf([historyEntry(0, { arms }), historyEntry(1), newest]).leftOut, []);
    });
  });

  it("pins no URL: what stands behind it may have changed", () => {
    const arms = [historyArm("reference", { kind: "url", configSha256: null }), historyArm("site")];
    assert.deepEqual(historyOf([historyEntry(0, { arms })]).references, []);
  });
});

describe("toHistoryEntry()", () => {
  const trials = (p50s: readonly number[]) =>
    p50s.map((p50, block) => makeTrial(block, { latencyUs: { roundTrip: latency(p50) } }));
  const names = ["a", "b", "c"];
  const base = makeDocument();
  const document = makeDocument({
    scenario: {
      ...base.scenario,
      metrics: ["roundTrip.p50"],
      pairs: [
        { baseline: "b", candidate: "a" },
        { baseline: "b", candidate: "c" },
      ],
      arms: names.map((name) => ({ ...base.scenario.arms[0], name }) as never),
    },
    arms: names.map((name, i) =>
      makeArm(name, { trials: trials(Array.from({ length: 9 }, () => 100 * 3 ** i)) }),
    ),
  });

  it("keeps every pair of arms once, the baseline as reference, and nothing absolute", () => {
    const entry = toHistoryEntry(document);
    assert.deepEqual(
      entry?.ratios.map(({ arm, reference, logRatio, blocks }) => [arm, reference, logRatio, blocks]),
      [
        ["a", "b", -1.098612, 9],
        ["c", "b", 1.098612, 9],
        ["c", "a", 2.197225, 9],
      ],
    );
    assert.doesNotMatch(JSON.stringify(entry), /\b[139]00\b/);
  });

  it("pairs a baseline with a candidate of its own round, and candidates of different rounds not at all", () => {
    const at = (block: number, round: number, p50: number) =>
      makeTrial(block, { round, latencyUs: { roundTrip: latency(p50) } });
    const blocks = Array.from({ length: 8 }, (_, block) => block);
    const arms = [
      makeArm("b", { trials: blocks.flatMap((block) => [at(block, 0, 900), at(block, 1, 100)]) }),
      makeArm("a", { trials: blocks.map((block) => at(block, 1, 300)) }),
      makeArm("c", { trials: blocks.map((block) => at(block, 0, 900)) }),
    ];
    assert.deepEqual(
      toHistoryEntry({ ...document, arms })?.ratios.map(({ arm, reference, logRatio }) => [
        arm,
        reference,
        logRatio,
      ]),
      [
        ["a", "b", 1.098612],
        ["c", "b", 0],
      ],
    );
  });

  it("takes the commit from git, and from the CI service where there is none", () => {
    const withSource = (environment: object) =>
      toHistoryEntry({ ...document, environment: { ...document.environment, ...environment } })?.commit;
    const ciCommit = { commit: "c".repeat(40), branch: "feature" };
    assert.equal(withSource({}), null);
    assert.deepEqual(withSource({ git: null, ciCommit }), {
      sha: "c".repeat(40),
      dirty: false,
      branch: "feature",
    });
    assert.deepEqual(withSource({ git: { commit: "d".repeat(40), dirty: true, branch: null }, ciCommit }), {
      sha: "d".repeat(40),
      dirty: true,
      branch: "feature",
    });
  });

  it("has no place for a run that did not finish, or has one arm", () => {
    assert.equal(toHistoryEntry({ ...document, status: "interrupted" }), null);
    assert.equal(toHistoryEntry({ ...document, arms: document.arms.slice(0, 1) }), null);
  });
});
