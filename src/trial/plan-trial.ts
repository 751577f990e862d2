/**
 * How long a trial warms up and measures, and how many blocks fit: the rules of docs/statistics.md, Trial plan. Pure.
 */
import {
  leastSlices,
  longestWindowS,
  quantileNeeds,
  sliceMessages,
  steadyWindowS,
} from "../scenario/messages-needed.js";
import {
  asPercentile,
  type LatencySeries,
  type MetricName,
  quantiles,
  stallsMetric,
} from "../scenario/metric.js";
import type { Scenario } from "../scenario/scenario.js";
import type { Slo } from "../scenario/slo.js";
import { asSloPercentile, type SloSeries } from "../scenario/slo-metric.js";
import { unaskedKeyOf, unaskedPerS } from "../scenario/unasked.js";
import type { Workload } from "../scenario/workload.js";

/**
 * Much of what differs between two instances of one config is in every window, however long, and opening takes as long as the
 * load: more and shorter windows settle sooner, down to eight slots (docs/statistics.md, table I).
 */
const shortestWindowS = 0.8;
/** For a comparison that is about the tail: p99 is half as noisy in 3 s as in 1 s (docs/statistics.md, table E). */
const shortestTailWindowS = 3;
/**
 * Blocks tell more than warmth. Measured with a one-worker nginx, 1,000 connections and 6,000 messages a second, 20
 * windows of 0.25 s each after 0.18, 0.34, 0.5, 1 and 1.5 s: CPU a message 55.98, 55.36, 55.69, 55.55 and 55.93 µs,
 * each within 2.8 % by its standard error: no trend.
 */
const shortestWarmupS = 0.25;
/** So that every connection has its buffers. */
const warmupMessagesPerConnection = 2;
const longestWarmupS = 1;
/** One message of so many carries the backend's times: often enough for a median in the shortest window. */
export const splitEvery = 16;
/** The last look of a verdict, and of a precision (judge/decision-plan.ts). */
export const mostBlocks = 60;
export const mostBlocksForPrecision = 200;

/** What a scenario wants to know of a trial. */
export type Asked = Pick<Scenario, "metrics" | "slos">;

interface TrialTimes {
  readonly warmupS: number;
  readonly durationS: number;
}

/** @param messagesPerS what the load will come to, offered or expected */
export function planTrialTimes(
  workload: Workload,
  messagesPerS: number,
  { metrics, slos }: Asked,
): TrialTimes {
  const asked = [...metrics, ...slos.map(({ metric }) => metric)];
  const neededS = Math.max(
    messagesAsked({ metrics, slos }) / messagesPerS,
    asked.some(isOfSlices) ? steadyWindowS(messagesPerS) : 0,
    unaskedS(workload, { metrics, slos }),
  );
  const onceEachS = workload.connections / messagesPerS;
  return {
    warmupS:
      workload.warmupS ?? clamp(onceEachS * warmupMessagesPerConnection, shortestWarmupS, longestWarmupS),
    durationS: workload.durationS ?? clamp(neededS, shortestWindowFor(metrics), longestWindowS),
  };
}

/** For the highest percentile of what the backend sends unasked, at its own rate. */
function unaskedS(workload: Workload, { metrics, slos }: Asked): number {
  const seconds = (series: string, values: number): number => {
    const perS = unaskedPerS(series, workload);
    return perS === null ? 0 : values / perS;
  };
  const ofMetrics = metrics.map((metric) => {
    const percentile = asPercentile(metric);
    return percentile === null
      ? 0
      : seconds(percentile.series, quantileNeeds(quantiles[percentile.percentile]));
  });
  const ofSlos = slos.map(({ metric }) => {
    const percentile = asSloPercentile(metric);
    return percentile === null ? 0 : seconds(percentile.series, quantileNeeds(percentile.quantile));
  });
  return Math.max(0, ...ofMetrics, ...ofSlos);
}

/** Whether it is told by the window's slices. */
function isOfSlices(metric: string): boolean {
  return metric === stallsMetric || metric.endsWith(".steadyP99");
}

/** The metric named first is the one that matters most. */
function shortestWindowFor(metrics: readonly MetricName[]): number {
  const isOfTail = messagesNeeded(metrics.slice(0, 1)) >= quantileNeeds(quantiles.p99);
  return isOfTail ? shortestTailWindowS : shortestWindowS;
}

/** Messages that a window must hold for whatever a scenario judges. */
export function messagesAsked({ metrics, slos }: Asked): number {
  return Math.max(messagesNeeded(metrics), sloMessagesNeeded(slos));
}

/** Messages that a window must hold for the highest percentile among the metrics. */
export function messagesNeeded(metrics: readonly MetricName[]): number {
  const needs = metrics.map((metric) => {
    if (isOfSlices(metric)) return leastSlices * sliceMessages;
    const percentile = asPercentile(metric);
    return percentile === null || unaskedKeyOf(percentile.series) !== null
      ? 0
      : messagesOf(percentile.series) * quantileNeeds(quantiles[percentile.percentile]);
  });
  return Math.max(0, ...needs);
}

/** The same for the highest percentile that an SLO is about; a mean or a maximum takes whatever there is. */
function sloMessagesNeeded(slos: readonly Slo[]): number {
  const needs = slos.map(({ metric }) => {
    const percentile = asSloPercentile(metric);
    return percentile === null || unaskedKeyOf(percentile.series) !== null
      ? 0
      : messagesOf(percentile.series) * quantileNeeds(percentile.quantile);
  });
  return Math.max(0, ...needs);
}

/** Messages that give one value of a series; none for what comes with a connection. */
export function messagesOf(series: LatencySeries | SloSeries): number {
  if (series === "connect" || series === "tls" || series === "upgrade") return 0;
  return series === "uplink" || series === "backend" || series === "downlink" ? splitEvery : 1;
}

/**
 * How many blocks the run has time for.
 * @param blockS what one block takes, as the burn-in took
 * @param leftS what is left of the run's time
 * @param most blocks of the last look
 */
export function planBlocks(blockS: number, leftS: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(leftS / blockS)));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
