/**
 * How long a trial warms up and measures, and how many blocks fit: the rules of the trial plan (statistics.md), pure.
 */
import { longestWindowS, quantileNeeds } from "../scenario/messages-needed.js";
import { asPercentile, type LatencySeries, type MetricName, quantiles } from "../scenario/metric.js";
import type { Workload } from "../scenario/workload.js";

const shortestWindowS = 1;
const shortestWarmupS = 0.25;
/**
 * Where connections are many and the rate low, twenty messages a connection would take several times as long as the
 * measurement itself, and blocks tell more than warmth: no trend was left after a quarter of a second (statistics.md).
 */
const longestWarmupS = 1;
const warmupMessagesPerConnection = 20;
/** One message of so many carries the backend's times: often enough for a median in the shortest window. */
export const splitEvery = 16;
const mostBlocks = 60;

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
    durationS: workload.durationS ?? clamp(needed, shortestWindowS, longestWindowS),
  };
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
 */
export function planBlocks(blockS: number, leftS: number): number {
  return Math.max(1, Math.min(mostBlocks, Math.floor(leftS / blockS)));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
