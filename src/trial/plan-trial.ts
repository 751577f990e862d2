/**
 * How long a trial warms up and measures, and how many blocks fit: the rules of the trial plan (statistics.md), pure.
 */
import { longestWindowS, quantileNeeds } from "../scenario/messages-needed.js";
import { asPercentile, type LatencySeries, type MetricName, quantiles } from "../scenario/metric.js";
import type { Workload } from "../scenario/workload.js";

const shortestWindowS = 1;
/** For a comparison that is about the tail: p99 is half as noisy in 3 s as in 1 s (statistics.md, table E). */
const shortestTailWindowS = 3;
const shortestWarmupS = 0.25;
/**
 * Where connections are many and the rate low, twenty messages a connection would take several times as long as the
 * measurement itself, and blocks tell more than warmth: no trend was left after a quarter of a second (statistics.md).
 */
const longestWarmupS = 1;
const warmupMessagesPerConnection = 20;
/** One message of so many carries the backend's times: often enough for a median in the shortest window. */
export const splitEvery = 16;
/** The last look of a verdict, and of a precision (judge/decision-plan.ts). */
export const mostBlocks = 60;
export const mostBlocksForPrecision = 200;

export interface TrialTimes {
  readonly warmupS: number;
  readonly durationS: number;
}

/** @param messagesPerS what the load will come to, offered or expected */
export function planTrialTimes(
  workload: Workload,
  messagesPerS: number,
  metrics: readonly MetricName[],
): TrialTimes {
  const needed = messagesNeeded(metrics) / messagesPerS;
  const warm = (workload.connections * warmupMessagesPerConnection) / messagesPerS;
  return {
    warmupS: workload.warmupS ?? clamp(warm, shortestWarmupS, longestWarmupS),
    durationS: workload.durationS ?? clamp(needed, shortestWindowFor(metrics), longestWindowS),
  };
}

/** The metric named first is the one that matters most. */
function shortestWindowFor(metrics: readonly MetricName[]): number {
  const isOfTail = messagesNeeded(metrics.slice(0, 1)) >= quantileNeeds(quantiles.p99);
  return isOfTail ? shortestTailWindowS : shortestWindowS;
}

/** Messages that a window must hold for the highest percentile among the metrics. */
export function messagesNeeded(metrics: readonly MetricName[]): number {
  const needs = metrics.map((metric) => {
    const percentile = asPercentile(metric);
    return percentile === null
      ? 0
      : messagesOf(percentile.series) * quantileNeeds(quantiles[percentile.percentile]);
  });
  return Math.max(0, ...needs);
}

/** Messages that give one value of a series; none for what comes with a connection. */
function messagesOf(series: LatencySeries): number {
  if (series === "connect" || series === "tls" || series === "upgrade") return 0;
  return series === "uplink" || series === "downlink" ? splitEvery : 1;
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
