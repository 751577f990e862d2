/**
 * Judges a run's rounds as it goes. Each baseline with the candidates that run beside it is a series of its own; the
 * error budget is shared out among the series, so that the run as a whole keeps to it (Bonferroni).
 */
import type { Comparison, PairReading } from "../../results/comparison-schema.js";
import type { ArmResult } from "../../results/run-document.js";
import { asLatency, isByDifference, type MetricName, metricNames } from "../../scenario/metric.js";
import type { Scenario } from "../../scenario/scenario.js";
import type { Interval } from "../../stats/walsh-bounds.js";
import type { Reading } from "../reading.js";
import { type DecisionPlan, defaultDecisionPlan, marginOf, precisionLooks } from "./decision-plan.js";
import { judgeSeries } from "./judge-series.js";
import { isLeftOpen } from "./open-differences.js";
import { outcomesOf, type RoundSeries, seriesOf } from "./round-series.js";
import type { SeriesJudgement } from "./series-judgement.js";

export interface RunJudge {
  /**
   * Judges what has been measured. A series that a look has decided keeps its judgement, whatever comes after.
   * @param ended no further block will come
   * @returns whether every series is decided
   */
  judge(arms: readonly ArmResult[], options: { readonly ended: boolean }): boolean;
  comparisons(): Comparison[];
  /** What is shown with its interval alone. */
  readings(): PairReading[];
  /** Complete blocks at which the next undecided series is looked at; null when none is waiting. */
  nextLook(): number | null;
  /** What goes into the run document of how it decides. */
  readonly plan: Pick<
    DecisionPlan,
    "looks" | "fractions" | "fractionsEq" | "alpha" | "alphaEq" | "minBlocks"
  >;
}

export function createRunJudge(scenario: Scenario): RunJudge {
  const series = seriesOf(scenario);
  const plan = decisionPlan(scenario, series.length);
  const judgements = new Map<RoundSeries, SeriesJudgement>();
  return {
    judge(arms, { ended }) {
      for (const one of series) {
        if (judgements.get(one)?.stop) continue;
        const { baseline, candidates } = one;
        const { metrics, precision } = scenario;
        const outcomes = outcomesOf(one, arms, scoredMetrics(scenario));
        const otherMetrics = shownMetrics(scenario);
        const question = { outcomes, baseline, candidates, metrics, otherMetrics, plan, precision, ended };
        judgements.set(one, judgeSeries({ ...question, mode: scenario.gate === null ? "compare" : "gate" }));
      }
      return series.length > 0 && series.every((one) => judgements.get(one)?.stop === true);
    },
    plan,
    comparisons: () => {
      const found = [...judgements].flatMap(([{ candidates }, judgement]) =>
        toComparisons(judgement, { plan, scenario, family: candidates.length * scenario.metrics.length }),
      );
      return inOrderOf(scenario, found);
    },
    readings: () =>
      inOrderOf(
        scenario,
        [...judgements.values()].flatMap((judgement) => toReadings(judgement, scenario)),
      ),
    nextLook() {
      const looks = [...judgements.values()].flatMap((judgement) =>
        judgement.stop
          ? []
          : [judgement.kind === "waiting" ? judgement.nextLook : lookAfter(judgement.blocks, plan)],
      );
      return looks.length === 0 ? null : Math.min(...looks);
    },
  };
}

function lookAfter(blocks: number, { looks }: DecisionPlan): number {
  return looks.find((look) => look > blocks) ?? blocks;
}

/** Throughput is read even where it is not compared: an arm that misses its offer is judged by it alone. */
function scoredMetrics(scenario: Scenario): MetricName[] {
  return [...new Set<MetricName>([...scenario.metrics, "throughputPerS", ...shownMetrics(scenario)])];
}

/** Beside the tail of a typical slice that of the whole window, with the machine's hiccups in it. */
function shownMetrics({ metrics }: Scenario): MetricName[] {
  const whole = metrics.flatMap((metric) => {
    const latency = asLatency(metric);
    return latency?.statistic === "steadyP99" ? [`${latency.series}.p99`] : [];
  });
  return metricNames.filter((name) => whole.includes(name) && !metrics.includes(name));
}

/** Pairs as the scenario lists them, whatever round they ran in. */
function inOrderOf<One extends PairReading>({ pairs }: Scenario, comparisons: readonly One[]): One[] {
  const place = (one: PairReading): number =>
    pairs.findIndex(({ baseline, candidate }) => baseline === one.baseline && candidate === one.candidate);
  return [...comparisons].sort((a, b) => place(a) - place(b));
}

/** A number of blocks that was asked for is looked at once, with the whole error budget: it was fixed beforehand. */
function decisionPlan(
  { blocks, maxSeconds, margins, precision, gate }: Scenario,
  series: number,
): DecisionPlan {
  const { alpha, minBlocks } = defaultDecisionPlan;
  const fixed = blocks !== null && maxSeconds === null && blocks >= minBlocks;
  return {
    ...defaultDecisionPlan,
    ...(precision === null ? {} : precisionLooks),
    ...(fixed ? { looks: [blocks], fractions: [1], fractionsEq: [1] } : {}),
    alpha: alpha / Math.max(1, series),
    worseRule: gate?.failOn === "exceeds" ? "exceeds" : "any",
    margins: { ...defaultDecisionPlan.margins, ...margins },
  };
}

interface Terms {
  readonly plan: DecisionPlan;
  readonly scenario: Scenario;
  readonly family: number;
}

/** Whether a verdict waits for it. */
function isDecisive(metric: string, { metrics }: Scenario): boolean {
  return metrics.some((one) => one === metric) && (!isByDifference(metric) || metrics.every(isByDifference));
}

/** Readings without a verdict, between looks or because the offer was not met, are inconclusive for now. */
function toComparisons(judgement: SeriesJudgement, { plan, scenario, family }: Terms): Comparison[] {
  if (judgement.kind === "waiting") {
    return judgement.readings
      .filter(({ metric }) => isDecisive(metric, scenario))
      .map((reading) => unjudged(reading, plan, "no-look-yet"));
  }
  const { look, equivalenceLevel } = judgement;
  const decided = judgement.comparisons.filter((one) => !isLeftOpen(one, scenario));
  const judged = decided.map((comparison): Comparison => {
    const { adjustedWorse, adjustedBetter, levelWorse, levelBetter, equivalence } = comparison;
    const atDecision = orderBounds(comparison.decision, comparison.metric);
    const atEquivalence = orderBounds(equivalence, comparison.metric);
    const { verdict, direction, margin, pWorse, pBetter, pEquivalent, mde80, blocksToSeeMargin } = comparison;
    return {
      ...describe(comparison),
      decisionLow: atDecision.low,
      decisionHigh: atDecision.high,
      margin,
      verdict,
      direction,
      pWorse,
      pBetter,
      pEquivalent,
      smallestEffect: mde80,
      blocksForMargin: blocksToSeeMargin,
      adjustedWorse,
      adjustedBetter,
      levelWorse,
      levelBetter,
      levelEquivalent: equivalenceLevel,
      equivalenceLow: atEquivalence.low,
      equivalenceHigh: atEquivalence.high,
      look,
      family,
      reasons: [...comparison.reasons],
    };
  });
  const setAside = judgement.readings
    .filter((one) => one.setAside !== null && !isByDifference(one.metric))
    .map((reading) => unjudged(reading, plan, "offer-not-met"));
  return [...judged, ...setAside];
}

/** Readings that stand in no comparison. */
function toReadings(judgement: SeriesJudgement, scenario: Scenario): PairReading[] {
  if (judgement.kind === "waiting") {
    return judgement.readings.filter(({ metric }) => !isDecisive(metric, scenario)).map(describe);
  }
  return [
    ...judgement.comparisons.filter((one) => isLeftOpen(one, scenario)),
    ...judgement.readings.filter((one) => one.setAside === null || isByDifference(one.metric)),
  ].map(describe);
}

function unjudged(reading: Reading, plan: DecisionPlan, reason: string): Comparison {
  return {
    ...describe(reading),
    decisionLow: null,
    decisionHigh: null,
    margin: marginOf(plan, reading.metric),
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

function describe({
  baseline,
  candidate,
  metric,
  n,
  ratio,
  ratioCi95,
  estimate,
  ci95,
}: Reading): PairReading {
  const { low, high } = ratioCi95;
  const ratios = { ratio, ciLow: low, ciHigh: high };
  const differences = { difference: estimate, differenceLow: ci95.low, differenceHigh: ci95.high };
  return {
    baseline,
    candidate,
    metric: metric as MetricName,
    blocks: n,
    ...ratios,
    ...(isByDifference(metric) ? differences : {}),
  };
}

/** Log ratios count worse as positive; as measured, more throughput is a ratio above 1. */
function ratioOf(logRatio: number | null, metric: string): number | null {
  return logRatio === null || isByDifference(metric)
    ? null
    : Math.exp(metric === "throughputPerS" ? -logRatio : logRatio);
}

/** For a metric where more is better the ends of the interval change places. */
function orderBounds({ low, high }: Interval, metric: string): Interval {
  const [first, second] = metric === "throughputPerS" ? [high, low] : [low, high];
  return { low: ratioOf(first, metric), high: ratioOf(second, metric) };
}
