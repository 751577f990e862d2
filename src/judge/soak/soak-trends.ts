/**
 * A soak's windows into trends: does memory grow, do latencies drift?
 */
import type { Soak, SoakMetric, SoakTrend, SoakWindowResult } from "../../results/soak-schema.js";
import { type Trend, trendOf } from "../../stats/trend.js";

interface MetricRule {
  readonly metric: SoakMetric;
  readonly of: (window: SoakWindowResult) => number | null;
  /** A change over the soak below it is the metric's grain, however sure. */
  readonly grain: (level: number) => number;
  /** A change of no more than this share of the level does not matter. */
  readonly tolerance: number;
}

const kibibyte = 1024;
const latencyOf = ({ latencyUs }: SoakWindowResult) => latencyUs.response ?? latencyUs.roundTrip;

const rules: readonly MetricRule[] = [
  // Page by page; an allocator takes some dozens at once.
  { metric: "rssBytes", of: ({ rssBytes }) => rssBytes, grain: () => 128 * kibibyte, tolerance: 0.05 },
  // Those that are on their way in or out at the moment of the look.
  {
    metric: "descriptors",
    of: ({ descriptors }) => descriptors,
    grain: (level) => Math.max(8, 0.02 * level),
    tolerance: 0.05,
  },
  { metric: "p50", of: (window) => latencyOf(window).p50, grain: (level) => 0.05 * level, tolerance: 0.2 },
  { metric: "p99", of: (window) => latencyOf(window).p99, grain: (level) => 0.1 * level, tolerance: 0.4 },
  {
    metric: "cpuUsPerMessage",
    of: (window) => window.cpuUsPerMessage,
    grain: (level) => 0.05 * level,
    tolerance: 0.2,
  },
  {
    metric: "inFlight",
    of: ({ inFlight }) => inFlight,
    grain: (level) => Math.max(2, 0.2 * level),
    tolerance: 0.4,
  },
  {
    metric: "throughputPerS",
    of: ({ throughputPerS }) => throughputPerS,
    grain: (level) => 0.02 * level,
    tolerance: 0.05,
  },
];

/** While a proxy takes what it needs, and keeps, its memory grows without a leak. */
const settlingShare = 0.1;
const secondsPerHour = 3600;

/** Trends of what was measured often enough; the settling tenth is left out. */
export function soakTrends(windows: readonly SoakWindowResult[]): SoakTrend[] {
  const settled = windows.slice(Math.ceil(windows.length * settlingShare));
  return rules.flatMap((rule) => {
    const points = settled.flatMap((window): [number, number][] => {
      const value = rule.of(window);
      return value === null ? [] : [[(window.atS + window.durationS / 2) / secondsPerHour, value]];
    });
    const trend = trendOf(points);
    if (trend === null) return [];
    const hours = (points.at(-1)?.[0] ?? 0) - (points[0]?.[0] ?? 0);
    return [
      {
        metric: rule.metric,
        verdict: isSteady(points, rule) ? "flat" : verdictOf(trend, rule, hours),
        slopePerH: trend.slope,
        low: trend.low,
        high: trend.high,
        level: trend.level,
        change: trend.slope * hours,
        autocorrelation: trend.autocorrelation,
        windows: points.length,
      },
    ];
  });
}

/** No value strays farther than the metric's grain: there is nothing that could grow. */
function isSteady(points: readonly (readonly [number, number])[], { grain }: MetricRule): boolean {
  const values = points.map(([, value]) => value);
  const most = Math.max(...values);
  return most - Math.min(...values) <= grain(most);
}

function verdictOf(
  { slope, low, high, level }: Trend,
  rule: MetricRule,
  hours: number,
): SoakTrend["verdict"] {
  const grain = rule.grain(Math.abs(level));
  if (Math.abs(slope) * hours > grain) {
    if (low > 0) return "grows";
    if (high < 0) return "falls";
  }
  const most = Math.max(grain, rule.tolerance * Math.abs(level));
  return Math.max(Math.abs(low), Math.abs(high)) * hours <= most ? "flat" : "untold";
}

/** Bytes of growing memory for each message, and for each connection opened again. */
export function memoryGrowth(
  windows: readonly SoakWindowResult[],
  trends: readonly SoakTrend[],
): Soak["growth"] {
  const memory = trends.find(({ metric }) => metric === "rssBytes");
  const seconds = windows.reduce((sum, { durationS }) => sum + durationS, 0);
  const each = (pick: (window: SoakWindowResult) => number): number | null => {
    const done = windows.reduce((sum, window) => sum + pick(window), 0);
    if (memory?.verdict !== "grows" || done === 0) return null;
    return (memory.slopePerH * (seconds / secondsPerHour)) / done;
  };
  return {
    bytesPerMessage: each(
      ({ received, push, fanout }) => received + (push?.delivered ?? 0) + (fanout?.delivered ?? 0),
    ),
    bytesPerConnection: each(({ connections }) => connections.reopened),
  };
}
