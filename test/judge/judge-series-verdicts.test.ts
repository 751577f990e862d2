import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judgeSeries } from "#wsrally/judge/series/judge-series.js";
import type { SeriesQuestion } from "#wsrally/judge/series/series-judgement.js";
import { assertNear } from "../stats/stats-vectors.js";
import { fourLooks, judged, question, spreadRatios, trialsFromRatios } from "./made-trials.js";

describe("judgeSeries() verdicts", () => {
  const table: readonly {
    name: string;
    centre: number;
    spread: number;
    metric?: string;
    changes?: Partial<SeriesQuestion>;
    verdict: string;
    direction: string | null;
    stop: boolean;
  }[] = [
    { name: "10 % slower", centre: 0.1, spread: 0.05, verdict: "worse", direction: "worse", stop: true },
    { name: "10 % faster", centre: -0.1, spread: 0.05, verdict: "better", direction: "better", stop: true },
    { name: "the same", centre: 0, spread: 0.03, verdict: "equivalent", direction: null, stop: true },
    { name: "the same to the bit", centre: 0, spread: 0, verdict: "equivalent", direction: null, stop: true },
    {
      name: "2 % slower, for sure",
      centre: 0.02,
      spread: 0.01,
      verdict: "equivalent",
      direction: "worse",
      stop: true,
    },
    {
      name: "2 % faster, for sure",
      centre: -0.02,
      spread: 0.01,
      verdict: "equivalent",
      direction: "better",
      stop: true,
    },
    { name: "noise", centre: 0.03, spread: 0.4, verdict: "inconclusive", direction: null, stop: false },
    {
      name: "10 % more p99",
      metric: "p99",
      centre: 0.1,
      spread: 0.05,
      verdict: "equivalent",
      direction: "worse",
      stop: true,
    },
    {
      name: "10 % more throughput",
      metric: "throughputPerS",
      centre: 0.1,
      spread: 0.05,
      verdict: "better",
      direction: "better",
      stop: true,
    },
    {
      name: "10 % less throughput",
      metric: "throughputPerS",
      centre: -0.1,
      spread: 0.05,
      verdict: "worse",
      direction: "worse",
      stop: true,
    },
    {
      name: "10 % more of a metric without a margin of its own",
      metric: "rssBytes",
      centre: 0.1,
      spread: 0.05,
      verdict: "worse",
      direction: "worse",
      stop: true,
    },
    {
      name: "10 % slower, compared",
      centre: 0.1,
      spread: 0.05,
      changes: { mode: "compare" },
      verdict: "worse",
      direction: "worse",
      stop: true,
    },
  ];
  for (const { name, centre, spread, metric = "p50", changes, verdict, direction, stop } of table) {
    it(`calls ${name} ${verdict}`, () => {
      const outcomes = trialsFromRatios(spreadRatios(14, centre, spread), metric);
      const judgement = judged(judgeSeries(question(outcomes, { metrics: [metric], ...changes })));
      const [comparison] = judgement.comparisons;
      assert.deepEqual(
        { verdict: comparison?.verdict, direction: comparison?.direction, stop: judgement.stop },
        { verdict, direction, stop },
      );
    });
  }

  it("asks for more than the margin under `exceeds`", () => {
    const plan = { ...fourLooks, worseRule: "exceeds" } as const;
    const verdictAt = (centre: number) =>
      judged(judgeSeries(question(trialsFromRatios(spreadRatios(14, centre, 0.04)), { plan })))
        .comparisons[0];
    assert.equal(verdictAt(0.15)?.verdict, "worse");
    const within = verdictAt(0.06);
    assert.equal(within?.verdict, "inconclusive");
    assert.ok((within?.mde80 ?? 0) > 0.05);
    assert.equal(within?.blocksToSeeMargin, null);
  });

  it("gives ratios as measured, so more throughput is above 1", () => {
    const outcomes = trialsFromRatios(spreadRatios(14, Math.log(1.1), 0.05), "throughputPerS");
    const [comparison] = judged(judgeSeries(question(outcomes, { metrics: ["throughputPerS"] }))).comparisons;
    assertNear(comparison?.ratio ?? null, 1.1, 1e-6, "ratio");
    assert.ok((comparison?.ratioCi95.low ?? 9) < 1.1 && (comparison?.ratioCi95.high ?? 0) > 1.1);
    assert.ok((comparison?.estimate ?? 0) < 0);
  });

  it("stops a gate, and not a comparison, while another metric is open", () => {
    const outcomes = trialsFromRatios(spreadRatios(14, 0.1, 0.05)).map((outcome, i) => ({
      ...outcome,
      metrics: {
        ...outcome.metrics,
        p99: outcome.arm === "base" ? 100 : 100 * Math.exp(i % 4 === 1 ? 0.9 : -0.8),
      },
    }));
    const metrics = ["p50", "p99"];
    const gate = judged(judgeSeries(question(outcomes, { metrics })));
    assert.deepEqual(
      gate.comparisons.map(({ verdict }) => verdict),
      ["worse", "inconclusive"],
    );
    assert.equal(gate.stop, true);
    assert.equal(judgeSeries(question(outcomes, { metrics, mode: "compare" })).stop, false);
  });

  it("tests m comparisons together, equal p-values by arm name and then as listed", () => {
    const values = (arm: string) => ({ p50: arm === "base" ? 100 : 110, p90: arm === "base" ? 100 : 110 });
    const outcomes = Array.from({ length: 14 }, (_, block) =>
      ["base", "b", "a"].map((arm) => ({ block, arm, usable: true, metrics: values(arm) })),
    ).flat();
    const asked = question(outcomes, { candidates: ["b", "a"], metrics: ["p50", "p90"] });
    const { comparisons } = judged(judgeSeries(asked));
    assert.deepEqual(
      comparisons.map(({ candidate, metric }) => `${candidate} ${metric}`),
      ["b p50", "b p90", "a p50", "a p90"],
    );
    const tested = comparisons.map(({ levelWorse }) => Math.round(0.0015 / levelWorse));
    assert.deepEqual(tested, [2, 1, 4, 3]);
  });
});
