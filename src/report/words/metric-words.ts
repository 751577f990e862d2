/** Metrics by the names that readers get. */
import {
  asCost,
  asLatency,
  type CostMetric,
  type MetricName,
  type StatisticName,
  stallsMetric,
} from "../../scenario/metric.js";
import { seriesWords } from "./latency-series.js";

const statisticWords: Readonly<Record<StatisticName, string>> = {
  p50: "p50",
  p90: "p90",
  p99: "p99",
  p999: "p99.9",
  steadyP99: "steady p99",
};

const costWords: Readonly<Record<CostMetric, string>> = {
  cpuUsPerMessage: "CPU a message",
  userCpuUsPerMessage: "user CPU a message",
  systemCpuUsPerMessage: "system CPU a message",
  cpuUsPerFanout: "CPU a message to a room",
  contextSwitchesPerMessage: "context switches a message",
  rssBytesPerConnection: "resident memory a connection",
  pssBytesPerConnection: "memory a connection",
  activeBytesPerConnection: "memory an active connection",
};

/** A metric's name in two parts; lists of one series write the first only once. */
interface MetricWords {
  /** Empty for a metric that belongs to no series. */
  readonly series: string;
  readonly name: string;
}

function metricParts(metric: MetricName): MetricWords {
  if (metric === stallsMetric) return { series: "", name: "stalls" };
  const latency = asLatency(metric);
  if (latency !== null) {
    return { series: seriesWords(latency.series), name: statisticWords[latency.statistic] };
  }
  const cost = asCost(metric);
  return { series: "", name: cost === null ? "throughput" : costWords[cost] };
}

/** `round trip p50`, `CPU a message`. */
export function metricWords(metric: MetricName): string {
  const { series, name } = metricParts(metric);
  return series === "" ? name : `${series} ${name}`;
}

/** `round trip p50 A, p99 B, CPU a message C`: each metric with what is said of it. */
export function listMetrics(
  items: readonly { readonly metric: MetricName; readonly said: string }[],
): string {
  return items
    .map(({ metric, said }, i) => {
      const before = items[i - 1];
      const { series, name } = metricParts(metric);
      const isSame = before !== undefined && series !== "" && metricParts(before.metric).series === series;
      return `${isSame ? name : metricWords(metric)}${said === "" ? "" : ` ${said}`}`;
    })
    .join(", ");
}
