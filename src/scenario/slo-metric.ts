/**
 * What an SLO can be about: names as in the run document, with their short forms, units and good direction.
 */

import { nameColumns } from "../base/name-columns.js";
import { percentileNames, quantiles, slicedSeries, stallsMetric } from "./metric.js";

/** The latency series of the run document, in the order of reports. */
export const latencySeries = [
  "roundTrip",
  "response",
  "wire",
  "uplink",
  "backend",
  "downlink",
  "residenceUp",
  "residenceDown",
  "connect",
  "tls",
  "upgrade",
  "push",
  "fanoutFirst",
  "fanoutMedian",
  "fanoutLast",
] as const;
export type SloSeries = (typeof latencySeries)[number];
const sloStatistics = ["mean", "p50", "p90", "p99", "p999", "max"] as const;
/** Of what the backend sent unasked, how much arrived. */
const reachMetrics = ["push.reach", "fanout.reach"] as const;
const costNames = [
  "cpuUsPerMessage",
  "userCpuUsPerMessage",
  "systemCpuUsPerMessage",
  "cpuUsPerFanout",
  "cpuShare",
  "rssBytes",
  "rssBytesPeak",
  "pssBytes",
  "rssBytesPerConnection",
  "pssBytesPerConnection",
  "activeBytesPerConnection",
] as const;

export type SloMetric =
  | `${(typeof latencySeries)[number]}.${(typeof sloStatistics)[number]}`
  | `${(typeof slicedSeries)[number]}.steadyP99`
  | `proxyCost.${(typeof costNames)[number]}`
  | (typeof reachMetrics)[number]
  | typeof stallsMetric
  | "throughputPerS"
  | "failures";

/** The unit that limits and values of a metric are kept in. */
type SloUnit = "us" | "perS" | "bytes" | "share" | "count";

export interface SloMetricFacts {
  readonly unit: SloUnit;
  /** A name that has its unit in it takes a bare number. */
  readonly namesUnit: boolean;
  /** Which side of the limit can be wanted. */
  readonly good: "below" | "above";
  /** One number for all trials together, free of noise: only such a number can be held to `==`. */
  readonly counted: boolean;
}

const costUnits: Readonly<Record<(typeof costNames)[number], SloUnit>> = {
  cpuUsPerMessage: "us",
  userCpuUsPerMessage: "us",
  systemCpuUsPerMessage: "us",
  cpuUsPerFanout: "us",
  cpuShare: "share",
  rssBytes: "bytes",
  rssBytesPeak: "bytes",
  pssBytes: "bytes",
  rssBytesPerConnection: "bytes",
  pssBytesPerConnection: "bytes",
  activeBytesPerConnection: "bytes",
};

const latencyFacts: SloMetricFacts = { unit: "us", namesUnit: false, good: "below", counted: false };

/** Every metric by its name. */
export const sloMetrics: ReadonlyMap<SloMetric, SloMetricFacts> = new Map<SloMetric, SloMetricFacts>([
  ["failures", { unit: "count", namesUnit: true, good: "below", counted: true }],
  ["throughputPerS", { unit: "perS", namesUnit: true, good: "above", counted: false }],
  [stallsMetric, { unit: "perS", namesUnit: true, good: "below", counted: false }],
  ...reachMetrics.map((name): [SloMetric, SloMetricFacts] => [
    name,
    { unit: "share", namesUnit: true, good: "above", counted: false },
  ]),
  ...latencySeries.flatMap((series) =>
    sloStatistics.map((statistic): [SloMetric, SloMetricFacts] => [`${series}.${statistic}`, latencyFacts]),
  ),
  ...slicedSeries.map((series): [SloMetric, SloMetricFacts] => [`${series}.steadyP99`, latencyFacts]),
  ...costNames.map((name): [SloMetric, SloMetricFacts] => [
    `proxyCost.${name}`,
    { unit: costUnits[name], namesUnit: true, good: "below", counted: false },
  ]),
]);

/** The series and the quantile in (0, 1) of a metric that is a percentile; else null. */
export function asSloPercentile(
  metric: string,
): { readonly series: SloSeries; readonly quantile: number } | null {
  const [first, second] = metric.split(".");
  const series = latencySeries.find((one) => one === first);
  const name = percentileNames.find((one) => one === second);
  return series === undefined || name === undefined ? null : { series, quantile: quantiles[name] };
}

/** For errors: the names in a form that can be read. */
export const knownSloNames =
  `one of these, or SERIES.STATISTIC, such as response.p99 (p99 alone is roundTrip.p99):\n` +
  `${nameColumns(["failures", "throughput", stallsMetric, ...reachMetrics, ...costNames])}\n` +
  `  series: ${latencySeries.join(", ")}\n  statistics: ${sloStatistics.join(", ")}; of ${slicedSeries.join(", ")} steadyP99 too`;

/** A metric by its name or a short form: `p99`, `response.p99.9`, `throughput`, `cpuUsPerMessage`; else null. */
export function findSloMetric(name: string): SloMetric | null {
  const full = name.replace(/(^|\.)p99\.9$/, "$1p999");
  const candidates = [
    full,
    `roundTrip.${full}`,
    `proxyCost.${full}`,
    full === "throughput" ? "throughputPerS" : "",
  ];
  return [...sloMetrics.keys()].find((metric) => candidates.includes(metric)) ?? null;
}

/** How many of the metric's unit one of the written unit is, by what is written. */
const scales: Readonly<Record<SloUnit, Readonly<Record<string, number>>>> = {
  us: { ns: 1e-3, us: 1, µs: 1, μs: 1, ms: 1e3, s: 1e6 },
  perS: { "/s": 1, "msg/s": 1 },
  bytes: { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 },
  share: { "%": 0.01 },
  count: {},
};

export function unitsOf(unit: SloUnit): string[] {
  return Object.keys(scales[unit]).filter((name) => name !== "μs");
}

/** The factor that turns a number with this unit into the metric's own, or null for another dimension's unit. */
export function scaleOf(unit: SloUnit, written: string): number | null {
  return scales[unit][written] ?? null;
}
