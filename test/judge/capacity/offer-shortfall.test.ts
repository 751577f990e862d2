import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judgeSeries } from "#wsrally/judge/series/judge-series.js";
import type { TrialOutcome } from "#wsrally/judge/trial-outcome.js";
import { judged, question } from "../made-trials.js";

/** Paced at 1,000 a second; every arm carries the share given, with latencies that look better the less it carries. */
function pacedTrials(carried: Readonly<Record<string, number>>, offeredPerS: number | null): TrialOutcome[] {
  return Array.from({ length: 14 }, (_, block) =>
    Object.entries(carried).map(([arm, share]): TrialOutcome => {
      const wobble = 1 + (block - 6.5) / 5000;
      return {
        block,
        arm,
        usable: true,
        offeredPerS,
        metrics: { throughputPerS: 1000 * share * wobble, p50: 100 * share * wobble, p99: 300 * share },
      };
    }),
  ).flat();
}

const metrics = ["p50", "p99"];

describe("judgeSeries() of paced arms", () => {
  it("judges latencies while the offer is carried", () => {
    const { comparisons, readings } = judged(
      judgeSeries(question(pacedTrials({ base: 1, cand: 0.995 }, 1000), { metrics })),
    );
    assert.deepEqual(
      comparisons.map(({ metric }) => metric),
      metrics,
    );
    assert.deepEqual(readings, []);
  });

  it("judges by throughput alone when the candidate falls short", () => {
    const outcomes = pacedTrials({ base: 1, cand: 0.9 }, 1000);
    const { comparisons, readings, stop } = judged(judgeSeries(question(outcomes, { metrics })));
    assert.deepEqual(
      comparisons.map(({ metric, verdict }) => [metric, verdict]),
      [["throughputPerS", "worse"]],
    );
    assert.deepEqual(
      readings.map(({ metric, setAside }) => [metric, setAside]),
      [
        ["p50", "offer-not-met"],
        ["p99", "offer-not-met"],
      ],
    );
    assert.equal(stop, true);
    // The family keeps its size: two metrics were to be judged.
    assert.equal(comparisons[0]?.levelWorse, 0.0015 / 2);
  });

  it("does the same when the baseline falls short", () => {
    const { comparisons } = judged(
      judgeSeries(question(pacedTrials({ base: 0.9, cand: 1 }, 1000), { metrics })),
    );
    assert.deepEqual(
      comparisons.map(({ metric, verdict }) => [metric, verdict]),
      [["throughputPerS", "better"]],
    );
  });

  it("sets aside only the candidate that falls short", () => {
    const outcomes = pacedTrials({ base: 1, cand: 0.9, fine: 1 }, 1000);
    const { comparisons } = judged(
      judgeSeries(question(outcomes, { candidates: ["cand", "fine"], metrics })),
    );
    assert.deepEqual(
      comparisons.map(({ candidate, metric }) => `${candidate} ${metric}`),
      ["cand throughputPerS", "fine p50", "fine p99"],
    );
  });

  it("lists throughput once, judged, when it was to be read besides", () => {
    const asked = question(pacedTrials({ base: 1, cand: 0.9 }, 1000), {
      metrics,
      otherMetrics: ["throughputPerS"],
    });
    const { comparisons, readings } = judged(judgeSeries(asked));
    assert.deepEqual(
      comparisons.map(({ metric }) => metric),
      ["throughputPerS"],
    );
    assert.deepEqual(
      readings.map(({ metric }) => metric),
      metrics,
    );
  });

  it("never sets anything aside in a closed loop", () => {
    const { comparisons } = judged(
      judgeSeries(question(pacedTrials({ base: 1, cand: 0.9 }, null), { metrics })),
    );
    assert.deepEqual(
      comparisons.map(({ metric }) => metric),
      metrics,
    );
  });
});
