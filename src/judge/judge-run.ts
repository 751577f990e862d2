/**
 * Judges a run's groups as it goes. Each group of arms under one workload is a series of its own; the error budget is
 * shared out among the groups, so that the run as a whole keeps to it (Bonferroni).
 */

import type { Comparison } from "../results/comparison-schema.js";
import type { ArmResult } from "../results/run-document.js";
import type { MetricName } from "../scenario/metric.js";
import type { Pair, Scenario } from "../scenario/scenario.js";
import { type DecisionPlan, defaultDecisionPlan } from "./decision-plan.js";
import { judgeSeries } from "./judge-series.js";
import type { Reading } from "./reading.js";
import type { SeriesJudgement } from "./series-judgement.js";
import { toOutcome } from "./trial-metrics.js";

export interface RunJudge {
  /**
   * Judges what has been measured. A group that a look has decided keeps its judgement, whatever comes after.
   * @param ended no further block will come
   * @returns whether every group is decided
   */
  judge(arms: readonly ArmResult[], options: { readonly ended: boolean }): boolean;
  comparisons(): Comparison[];
  /** What goes into the run document of how it decides. */
  readonly plan: Pick<DecisionPlan, "looks" | "fractions" | "alpha" | "alphaEq" | "minBlocks">;
}

export function createRunJudge(scenario: Scenario): RunJudge {
  const groups = groupPairs(scenario.pairs);
  const plan = decisionPlan(scenario, groups.length);
  const judgements = new Map<string, SeriesJudgement>();
  return {
    judge(arms, { ended }) {
      for (const { baseline, candidates } of groups) {
        if (judgements.get(baseline)?.stop) continue;
        const names = [baseline, ...candidates];
        const outcomes = arms
          .filter(({ name }) => names.includes(name))
          .flatMap(({ name, trials }) =>
            trials.map((trial) => toOutcome(name, trial, scoredMetrics(scenario))),
          );
        const question = { outcomes, baseline, candidates, metrics: scenario.metrics, plan, ended };
        judgements.set(baseline, judgeSeries({ ...question, mode: "compare" }));
      }
      return groups.length > 0 && groups.every(({ baseline }) => judgements.get(baseline)?.stop === true);
    },
    plan,
    comparisons: () => [...judgements.values()].flatMap((judgement) => toComparisons(judgement, plan)),
  };
}

/** Throughput is read even where it is not compared: an arm that misses its offer is judged by it alone. */
function scoredMetrics({ metrics }: Scenario): MetricName[] {
  return [...new Set<MetricName>([...metrics, "throughputPerS"])];
}

interface Group {
  readonly baseline: string;
  readonly candidates: readonly string[];
}

function groupPairs(pairs: readonly Pair[]): Group[] {
  const byBaseline = new Map<string, string[]>();
  for (const { baseline, candidate } of pairs) {
    byBaseline.set(baseline, [...(byBaseline.get(baseline) ?? []), candidate]);
  }
  return [...byBaseline].map(([baseline, candidates]) => ({ baseline, candidates }));
}

/** A number of blocks that was asked for is looked at once, with the whole error budget: it was fixed beforehand. */
function decisionPlan({ blocks, maxSeconds, margins }: Scenario, groups: number): DecisionPlan {
  const { alpha, minBlocks } = defaultDecisionPlan;
  const fixed = blocks !== null && maxSeconds === null && blocks >= minBlocks;
  return {
    ...defaultDecisionPlan,
    ...(fixed ? { looks: [blocks], fractions: [1] } : {}),
    alpha: alpha / Math.max(1, groups),
    margins: { ...defaultDecisionPlan.margins, ...margins },
  };
}

/** Readings without a verdict, between looks or because the offer was not met, are inconclusive for now. */
function toComparisons(judgement: SeriesJudgement, plan: DecisionPlan): Comparison[] {
  if (judgement.kind === "waiting") {
    return judgement.readings.map((reading) => unjudged(reading, plan, "no-look-yet"));
  }
  const judged = judgement.comparisons.map((comparison): Comparison => {
    const { verdict, direction, margin, pWorse, pBetter, pEquivalent, decision, mde80, blocksToSeeMargin } =
      comparison;
    return {
      ...describe(comparison),
      ...orderBounds(decision.low, decision.high, comparison.metric),
      margin,
      verdict,
      direction,
      pWorse,
      pBetter,
      pEquivalent,
      smallestEffect: mde80,
      blocksForMargin: blocksToSeeMargin,
      reasons: [...comparison.reasons],
    };
  });
  const setAside = judgement.readings.map((reading) => unjudged(reading, plan, "offer-not-met"));
  return [...judged, ...setAside];
}

function unjudged(reading: Reading, plan: DecisionPlan, reason: string): Comparison {
  return {
    ...describe(reading),
    decisionLow: null,
    decisionHigh: null,
    margin: plan.margins[reading.metric] ?? plan.otherMargin,
    verdict: "inconclusive",
    direction: null,
    pWorse: null,
    pBetter: null,
    pEquivalent: null,
    smallestEffect: null,
    blocksForMargin: null,
    reasons: [reason],
  };
}

function describe({ baseline, candidate, metric, n, ratio, ratioCi95 }: Reading) {
  const { low, high } = ratioCi95;
  return { baseline, candidate, metric: metric as MetricName, blocks: n, ratio, ciLow: low, ciHigh: high };
}

/** Log ratios count worse as positive; as measured, more throughput is a ratio above 1. */
function ratioOf(logRatio: number | null, metric: string): number | null {
  return logRatio === null ? null : Math.exp(metric === "throughputPerS" ? -logRatio : logRatio);
}

/** For a metric where more is better the ends of the interval change places. */
function orderBounds(low: number | null, high: number | null, metric: string) {
  const [first, second] = metric === "throughputPerS" ? [high, low] : [low, high];
  return { decisionLow: ratioOf(first, metric), decisionHigh: ratioOf(second, metric) };
}
