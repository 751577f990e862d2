/**
 * The numbers that a comparison can be about: one of each a trial.
 */

/** Latency series of the run document that a percentile can be taken of. */
const latencySeries = ["roundTrip", "response", "wire", "connect", "upgrade"] as const;
export type LatencySeries = (typeof latencySeries)[number];

export const percentileNames = ["p50", "p90", "p99", "p999"] as const;
export type PercentileName = (typeof percentileNames)[number];

export type MetricName = `${LatencySeries}.${PercentileName}` | "throughputPerS" | "cpuUsPerMessage";

/** Every metric by its name, in the order of reports. */
export const metricNames: readonly MetricName[] = [
  ...latencySeries.flatMap((series) => percentileNames.map((name) => `${series}.${name}` as const)),
  "throughputPerS",
  "cpuUsPerMessage",
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
 * shared machine cannot show more finely (statistics.md, table C).
 */
export function defaultMargin(metric: MetricName): number {
  return metric.endsWith(".p99") || metric.endsWith(".p999") ? 0.2 : 0.05;
}

/** Splits `roundTrip.p99` into its series and percentile; null for a metric that is no percentile. */
export function asPercentile(
  metric: MetricName,
): { readonly series: LatencySeries; readonly percentile: PercentileName } | null {
  const [series, percentile] = metric.split(".");
  const foundSeries = latencySeries.find((name) => name === series);
  const foundPercentile = percentileNames.find((name) => name === percentile);
  return foundSeries && foundPercentile ? { series: foundSeries, percentile: foundPercentile } : null;
}
