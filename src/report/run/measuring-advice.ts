/**
 * Why a metric has no number, and what would give it one.
 */
import type { Comparison } from "../../results/comparison-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import {
  asCost,
  asLatency,
  type CostMetric,
  type LatencySeries,
  type MetricName,
} from "../../scenario/metric.js";
import { escapeControls } from "../draw/plain-text.js";
import { listMetrics } from "../words/metric-words.js";

/** @param what the end of the sentence: "was not measured" */
export function measuringAdvice(
  comparisons: readonly Comparison[],
  document: RunDocument,
  what: string,
): string {
  const byCure = new Map<string, Comparison[]>();
  for (const comparison of comparisons) {
    const cure = cureOf(comparison, document);
    byCure.set(cure, [...(byCure.get(cure) ?? []), comparison]);
  }
  return [...byCure]
    .map(([cure, members]) => {
      const metrics = [...new Set(members.map(({ metric }) => metric))];
      const lacking = [...new Set(members.flatMap((member) => armsWithout(member, document)))];
      const where = lacking.length === 0 ? "" : ` in ${lacking.map(escapeControls).join(", ")}`;
      return `${cure}, for ${listMetrics(metrics.map((metric) => ({ metric, said: "" })))} ${what}${where}`;
    })
    .join("; ");
}

function cureOf(comparison: Comparison, document: RunDocument): string {
  const cost = asCost(comparison.metric);
  const isNowhere = armsWithout(comparison, document).length > 0;
  if (cost !== null) {
    return isNowhere ? "a proxy whose processes wsrally can see" : (costCures[cost] ?? moreMessages);
  }
  const latency = asLatency(comparison.metric);
  return (isNowhere && latency !== null && seriesCures[latency.series]) || moreMessages;
}

const moreMessages = "more messages a trial (--duration, --rate)";
const moreProcessorTime = "a longer window or more load (--duration, --rate)";
const moreConnections = "more connections, 50 at least (--connections)";

const costCures: Readonly<Partial<Record<CostMetric, string>>> = {
  userCpuUsPerMessage: moreProcessorTime,
  systemCpuUsPerMessage: moreProcessorTime,
  rssBytesPerConnection: moreConnections,
  pssBytesPerConnection: moreConnections,
  activeBytesPerConnection: moreConnections,
};

const seriesCures: Readonly<Partial<Record<LatencySeries, string>>> = {
  response: "an open loop (--rate, or neither --rate nor --closed)",
  wire: "an engine that has the kernel's stamps (--engine epoll or io_uring)",
  uplink: "wsrally's own backend and the split, on epoll or io_uring",
  downlink: "wsrally's own backend and the split, on epoll or io_uring",
  tls: "TLS in both arms",
};

/** The arms of a comparison that have nothing at all to take its metric from. */
function armsWithout({ baseline, candidate, metric }: Comparison, { arms }: RunDocument): string[] {
  return arms
    .filter(({ name }) => name === baseline || name === candidate)
    .filter(({ trials }) => trials.length > 0 && trials.every((trial) => !hasSource(trial, metric)))
    .map(({ name }) => name);
}

function hasSource(trial: RunDocument["arms"][number]["trials"][number], metric: MetricName): boolean {
  const latency = asLatency(metric);
  if (latency !== null) return (trial.latencyUs[latency.series]?.count ?? 0) > 0;
  return asCost(metric) === null || trial.proxyCost !== null;
}
