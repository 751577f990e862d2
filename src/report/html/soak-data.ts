/** What the page draws of a soak: every window, and the line of each metric's trend. */
import type { Soak, SoakMetric, SoakTrend, SoakWindowResult } from "../../results/soak-schema.js";
import { metricWords, trendWords } from "../soak/soak-words.js";
import { sharp } from "./sharp.js";

/** One metric over the windows. */
export interface SoakLine {
  readonly metric: SoakMetric;
  /** `response p99`. */
  readonly name: string;
  /** By window. */
  readonly values: readonly (number | null)[];
  /** Null where there are too few windows for one. */
  readonly trend: SoakTrendLine | null;
}

interface SoakTrendLine {
  /** `memory grows 1.20 MiB an hour (0.90 MiB to 1.50 MiB)`. */
  readonly words: string;
  /** By window; null for those it leaves out. */
  readonly values: readonly (number | null)[];
}

export interface SoakChart {
  /** Middle of each window, in seconds from the beginning. */
  readonly atS: readonly number[];
  /** By window: something failed in it. */
  readonly spoilt: readonly boolean[];
  /** What happened to the proxy meanwhile. */
  readonly events: readonly { readonly atS: number; readonly name: string }[];
  /** What is looked at together, under one name. */
  readonly groups: readonly { readonly name: string; readonly lines: readonly SoakLine[] }[];
}

const groups: readonly { readonly name: string; readonly metrics: readonly SoakMetric[] }[] = [
  { name: metricWords.rssBytes, metrics: ["rssBytes"] },
  { name: "latency", metrics: ["p50", "p99"] },
  { name: metricWords.cpuUsPerMessage, metrics: ["cpuUsPerMessage"] },
  { name: metricWords.descriptors, metrics: ["descriptors"] },
  { name: metricWords.inFlight, metrics: ["inFlight"] },
  { name: metricWords.throughputPerS, metrics: ["throughputPerS"] },
];

/** Null for fewer than two windows: there is no course of one. */
export function soakChart(soak: Soak): SoakChart | null {
  const { windows } = soak;
  if (windows.length < 2) return null;
  const shown = groups
    .map(({ name, metrics }) => ({ name, lines: metrics.map((metric) => lineOf(metric, soak)) }))
    .filter(({ lines }) => lines.some(({ values }) => values.some((value) => value !== null)));
  return {
    atS: windows.map((window) => Math.round(middleS(window) * 1e3) / 1e3),
    spoilt: windows.map(({ failures }) => failures.length > 0),
    events: (soak.events ?? []).map(({ atS, event }) => ({ atS, name: event })),
    groups: shown,
  };
}

function middleS({ atS, durationS }: SoakWindowResult): number {
  return atS + durationS / 2;
}

function lineOf(metric: SoakMetric, { windows, trends, ratePerS }: Soak): SoakLine {
  const values = windows.map((window) => sharp(metricOf(metric, window)));
  const trend = trends.find((one) => one.metric === metric) ?? null;
  const series = ratePerS === null ? "round trip" : "response";
  const isLatency = metric === "p50" || metric === "p99";
  return {
    metric,
    name: isLatency ? `${series} ${metric}` : metricWords[metric],
    values,
    trend: trend === null ? null : { words: trendWords(trend), values: trendLine(trend, values, windows) },
  };
}

function metricOf(metric: SoakMetric, window: SoakWindowResult): number | null {
  const { latencyUs } = window;
  if (metric === "p50" || metric === "p99") return (latencyUs.response ?? latencyUs.roundTrip)[metric];
  return window[metric];
}

/** The line goes through its level at the mean time of the windows that went in, which are the last that have a value. */
function trendLine(
  { level, slopePerH, windows: count }: SoakTrend,
  values: readonly (number | null)[],
  windows: readonly SoakWindowResult[],
): (number | null)[] {
  const used = values.flatMap((value, at) => (value === null ? [] : [at])).slice(-count);
  const times = windows.map(middleS);
  const meanS = used.reduce((sum, at) => sum + (times[at] ?? 0), 0) / Math.max(1, used.length);
  const first = used[0] ?? values.length;
  return times.map((time, at) => (at < first ? null : sharp(level + (slopePerH * (time - meanS)) / 3600)));
}
