/** A finished run into a stored baseline. */
import { createHash } from "node:crypto";
import type { Baseline } from "../../results/baseline-schema.js";
import type { Comparison } from "../../results/comparison-schema.js";
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import { isByDifference, type MetricName } from "../../scenario/metric.js";
import { middleOf } from "../../stats/middle-of.js";
import { standardError } from "../../stats/resolution.js";
import { toOutcome } from "../trial-metrics.js";
import { metricValue } from "../trial-outcome.js";
import { armIdentity, runIdentity } from "./run-identity.js";

export function toBaseline(document: RunDocument, name: string): Baseline {
  const { scenario, arms, comparisons } = document;
  return {
    ...runIdentity(document),
    name,
    secondsPerBlock: secondsPerBlock(document),
    arms: arms.map((arm) => ({
      ...armIdentity(document, arm),
      buildSha256: buildDigest(arm.proxy),
      trials: arm.trials.filter(({ disqualified }) => !disqualified).length,
      medians: armMedians(arm, scenario.metrics),
    })),
    // Throughput is read in every run, and tested only where it was asked for.
    comparisons: comparisons
      .filter(({ metric }) => scenario.metrics.includes(metric) && !isByDifference(metric))
      .map(toStored),
  };
}

/** Which build of a proxy it was; null where it does not say. */
export function buildDigest({ build }: ArmResult["proxy"]): string | null {
  return build === null ? null : createHash("sha256").update(build).digest("hex");
}

/** Over the trials that count; a metric that none has is left out. */
export function armMedians(
  { name, trials }: ArmResult,
  metrics: readonly MetricName[],
): Record<string, number> {
  const outcomes = trials.map((trial) => toOutcome(name, trial, metrics)).filter(({ usable }) => usable);
  return Object.fromEntries(
    metrics.flatMap((metric) => {
      const median = middleOf(outcomes.flatMap((outcome) => metricValue(outcome, metric) ?? []));
      return median === null ? [] : [[metric, Number(median.toPrecision(6))]];
    }),
  );
}

function toStored(comparison: Comparison): Baseline["comparisons"][number] {
  const { baseline, candidate, metric, blocks, ratio, ciLow, ciHigh, margin, verdict } = comparison;
  const hasInterval = ciLow !== null && ciHigh !== null && ciLow > 0;
  const se = hasInterval ? standardError({ low: Math.log(ciLow), high: Math.log(ciHigh) }) : null;
  return {
    baseline,
    candidate,
    metric,
    blocks,
    ratio: rounded(ratio),
    ciLow: rounded(ciLow),
    ciHigh: rounded(ciHigh),
    se: rounded(se),
    margin,
    verdict,
  };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}

/** Mean over the run, from the start of its first block to that of its last; null with a single block. */
function secondsPerBlock({ arms }: RunDocument): number | null {
  const starts = new Map<number, number>();
  for (const { block, startedAt } of arms.flatMap(({ trials }) => trials)) {
    starts.set(block, Math.min(starts.get(block) ?? Number.POSITIVE_INFINITY, Date.parse(startedAt)));
  }
  const ordered = [...starts].sort(([a], [b]) => a - b);
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (first === undefined || last === undefined || last[0] === first[0]) return null;
  return rounded((last[1] - first[1]) / 1e3 / (last[0] - first[0]));
}
