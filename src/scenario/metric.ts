/**
 * The numbers that a comparison can be about: one of each a trial. Of each, less is better, but for throughput.
 */

export const percentileNames = ["p50", "p90", "p99", "p999"] as const;
export type PercentileName = (typeof percentileNames)[number];

/** Directions are told by one message of 16, which leaves too few for the far tail. */
const directionPercentiles = ["p50", "p99"] as const;

/** Latency series of the run document, with the percentiles that can be compared. */
const seriesPercentiles = {
  roundTrip: percentileNames,
  response: percentileNames,
  wire: percentileNames,
  uplink: directionPercentiles,
  downlink: directionPercentiles,
  connect: percentileNames,
  tls: percentileNames,
  upgrade: percentileNames,
} as const;
type Percentiles = typeof seriesPercentiles;
export type LatencySeries = keyof Percentiles;

/** What a trial cost the proxy, by names of `proxyCost` in the run document. */
const costMetricNames = [
  "cpuUsPerMessage",
  "userCpuUsPerMessage",
  "systemCpuUsPerMessage",
  "contextSwitchesPerMessage",
  "rssBytesPerConnection",
  "pssBytesPerConnection",
  "activeBytesPerConnection",
] as const;
export type CostMetric = (typeof costMetricNames)[number];

type PercentileMetric = {
  [Series in LatencySeries]: `${Series}.${Percentiles[Series][number]}`;
}[LatencySeries];
export type MetricName = PercentileMetric | "throughputPerS" | CostMetric;

/** Every metric by its name, in the order of reports. */
export const metricNames: readonly MetricName[] = [
  ...Object.entries(seriesPercentiles).flatMap(([series, names]) =>
    names.map((name) => `${series}.${name}` as PercentileMetric),
  ),
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
 * How far two arms may differ and still be called equivalent, as a share: 5 %, but 20 % for p99 and beyond, which a
 * shared machine cannot show more finely (docs/statistics.md, table C).
 */
export function defaultMargin(metric: MetricName): number {
  return metric.endsWith(".p99") || metric.endsWith(".p999") ? 0.2 : 0.05;
}

/** Splits `roundTrip.p99` into its series and percentile; null for a metric that is no percentile. */
export function asPercentile(
  metric: MetricName,
): { readonly series: LatencySeries; readonly percentile: PercentileName } | null {
  const [series, percentile] = metric.split(".");
  const foundSeries = Object.keys(seriesPercentiles).find((name) => name === series);
  const foundPercentile = percentileNames.find((name) => name === percentile);
  return foundSeries && foundPercentile
    ? { series: foundSeries as LatencySeries, percentile: foundPercentile }
    : null;
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
  const full = (names: readonly string[]): boolean => names.length === percentileNames.length;
  const listed = (whole: boolean): string =>
    Object.entries(seriesPercentiles)
      .filter(([, names]) => full(names) === whole)
      .map(([series]) => series)
      .join(", ");
  return (
    `want ${percentileNames.join(", ")} (of the round trip), or one of these of ${listed(true)}, such as ` +
    `response.p99, or ${directionPercentiles.join(" or ")} of ${listed(false)}, such as uplink.p50, or ` +
    ["throughputPerS", ...costMetricNames].join(", ")
  );
}
