/**
 * The numbers that a comparison can be about: one of each a trial. Of each, less is better, but for throughput.
 */
import { nearestName } from "../base/nearest-name.js";

export const percentileNames = ["p50", "p90", "p99", "p999"] as const;
type PercentileName = (typeof percentileNames)[number];

/** Series that are recorded in slices of the window. */
export const slicedSeries = ["roundTrip", "response", "wire"] as const;
export type SlicedSeries = (typeof slicedSeries)[number];

/** What can be compared of a series of messages: `steadyP99` is the tail of a typical tenth of a second. */
const messageStatistics = [...percentileNames, "steadyP99"] as const;
export type StatisticName = (typeof messageStatistics)[number];
/** What may stand without its series. */
export const bareNames = messageStatistics;

/** Directions are told by one message of 16, which leaves too few for the far tail. */
const directionPercentiles = ["p50", "p99"] as const;

/** Latency series of the run document, with the statistics that can be compared. */
const seriesStatistics = {
  roundTrip: messageStatistics,
  response: messageStatistics,
  wire: messageStatistics,
  uplink: directionPercentiles,
  downlink: directionPercentiles,
  residenceUp: percentileNames,
  residenceDown: percentileNames,
  connect: percentileNames,
  tls: percentileNames,
  upgrade: percentileNames,
  push: percentileNames,
  fanoutFirst: percentileNames,
  fanoutMedian: percentileNames,
  fanoutLast: percentileNames,
} as const;
type Statistics = typeof seriesStatistics;
export type LatencySeries = keyof Statistics;

/** What a trial cost the proxy, by names of `proxyCost` in the run document. */
const costMetricNames = [
  "cpuUsPerMessage",
  "userCpuUsPerMessage",
  "systemCpuUsPerMessage",
  "contextSwitchesPerMessage",
  "cpuUsPerFanout",
  "rssBytesPerConnection",
  "pssBytesPerConnection",
  "activeBytesPerConnection",
] as const;
export type CostMetric = (typeof costMetricNames)[number];

type LatencyMetric = {
  [Series in LatencySeries]: `${Series}.${Statistics[Series][number]}`;
}[LatencySeries];
/** Tenths of a second whose tail stood out, a second: compared by difference, for most have none. */
export const stallsMetric = "stallsPerS";
export type MetricName = LatencyMetric | typeof stallsMetric | "throughputPerS" | CostMetric;

/** Every metric by its name, in the order of reports. */
export const metricNames: readonly MetricName[] = [
  ...Object.entries(seriesStatistics).flatMap(([series, names]) =>
    names.map((name) => `${series}.${name}` as LatencyMetric),
  ),
  stallsMetric,
  "throughputPerS",
  ...costMetricNames,
];

/** A percentile's place in (0, 1). */
export const quantiles: Readonly<Record<PercentileName, number>> = {
  p50: 0.5,
  p90: 0.9,
  p99: 0.99,
  p999: 0.999,
};

/**
 * How far two arms may differ and still be called equivalent, as a share: 5 %, but 10 % for steadyP99, and 20 % for p99
 * and beyond, which a shared machine cannot show more finely (docs/statistics.md, table C). Stalls may be half a one
 * more or less, a second.
 */
export function defaultMargin(metric: MetricName): number {
  if (metric === stallsMetric) return 0.5;
  if (metric.endsWith(".steadyP99")) return 0.1;
  return metric.endsWith(".p99") || metric.endsWith(".p999") ? 0.2 : 0.05;
}

/** Whether two arms are compared by their difference, and found worse or not, but never better. */
export function isByDifference(metric: string): boolean {
  return metric === stallsMetric;
}

/**
 * Whether a pause of ten milliseconds, in a few slices of a window, leaves it about as it is: of a metric or of what an SLO is
 * about. The whole window's tail, its mean and its greatest are made of such pauses.
 */
export function bearsPauses(metric: string): boolean {
  return !/\.(p99|p999|mean|max)$/.test(metric);
}

/** Splits `roundTrip.steadyP99` into its series and statistic; null for a metric that is no latency. */
export function asLatency(
  metric: MetricName,
): { readonly series: LatencySeries; readonly statistic: StatisticName } | null {
  const [series, statistic] = metric.split(".");
  const foundSeries = Object.keys(seriesStatistics).find((name) => name === series);
  const foundStatistic = messageStatistics.find((name) => name === statistic);
  return foundSeries && foundStatistic
    ? { series: foundSeries as LatencySeries, statistic: foundStatistic }
    : null;
}

/** Splits `roundTrip.p99` into its series and percentile; null for a metric that is no percentile. */
export function asPercentile(
  metric: MetricName,
): { readonly series: LatencySeries; readonly percentile: PercentileName } | null {
  const latency = asLatency(metric);
  const percentile = percentileNames.find((name) => name === latency?.statistic);
  return latency && percentile ? { series: latency.series, percentile } : null;
}

/** Null for a metric that is no cost of the proxy. */
export function asCost(metric: MetricName): CostMetric | null {
  return costMetricNames.find((name) => name === metric) ?? null;
}

/** What to say of a name that is no metric. */
export function metricFault(name: unknown): string {
  if (typeof name === "string" && /^(failures?|errors?)\b/i.test(name)) {
    return (
      "failures are no metric, for none over none has no ratio: a kind of failure in two or more of a candidate's " +
      "trials and in none of the baseline's fails a gate by itself"
    );
  }
  const full = (names: readonly string[]): boolean => names.length >= percentileNames.length;
  const listed = (whole: boolean): string =>
    Object.entries(seriesStatistics)
      .filter(([, names]) => full(names) === whole)
      .map(([series]) => series)
      .join(", ");
  const near = typeof name === "string" && !/p\d+$/.test(name) ? nearestName(name, metricNames) : null;
  if (near !== null) return `there is none of this name (did you mean ${near}?)`;
  return (
    `want ${bareNames.join(", ")} (of the wire, or of the round trip), or one of these of ${listed(true)}, such as ` +
    `response.p99, or ${directionPercentiles.join(" or ")} of ${listed(false)}, such as uplink.p50, or ` +
    [stallsMetric, "throughputPerS", ...costMetricNames].join(", ")
  );
}
