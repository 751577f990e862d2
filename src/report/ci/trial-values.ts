/** Every number of a trial by name, with its unit: the names are those of the run document. */
import type { StageResult } from "../../results/stage-result.js";
import type { TrialResult } from "../../results/trial-schema.js";
import { metricNames } from "../../scenario/metric.js";

export interface TrialValue {
  /** `roundTrip.p50`, `cpuUsPerMessage`, `connections.held`, `failures.eof.proxy`. */
  readonly metric: string;
  readonly unit: string;
  readonly value: number;
}

/** The trial's place in the run, which is no measurement. */
const places: ReadonlySet<string> = new Set(["block", "position"]);

export function trialValues(trial: TrialResult): TrialValue[] {
  const { failures, latencyUs, proxyCost, stages = [], ...others } = trial;
  const latencies = numbersOf(latencyUs, "").map(({ metric, value }) => ({
    metric,
    unit: metric.endsWith(".count") ? "count" : "us",
    value,
  }));
  const costs = numbersOf(proxyCost, "").map(({ metric, value }) => ({
    // What can be compared goes by its metric's name.
    metric: metricNames.some((name) => name === metric) ? metric : `proxyCost.${metric}`,
    value,
  }));
  const counts = numbersOf(others, "").filter(({ metric }) => !places.has(metric));
  const failed = failures.map(({ kind, side, count }) => ({
    metric: `failures.${kind}.${side}`,
    unit: "count",
    value: count,
  }));
  return [
    ...latencies,
    ...stages.flatMap(stageValues),
    ...[...counts, ...costs].map((one) => ({ ...one, unit: unitOf(one.metric) })),
    ...failed,
  ];
}

/** `stages.0.roundTrip.p50`. */
function stageValues(
  { latencyUs, rate: _, connections: __, ...others }: StageResult,
  at: number,
): TrialValue[] {
  const named = (value: unknown, unit: (metric: string) => string): TrialValue[] =>
    numbersOf(value, "").map((one) => ({
      ...one,
      metric: `stages.${at}.${one.metric}`,
      unit: unit(one.metric),
    }));
  return [
    ...named(latencyUs, (metric) => (metric.endsWith(".count") ? "count" : "us")),
    ...named(others, unitOf),
  ];
}

export interface NamedNumber {
  readonly metric: string;
  readonly value: number;
}

/** The numbers in an object and in those within it; what is in lists is not one number a trial. */
export function numbersOf(value: unknown, path: string): NamedNumber[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === "number" ? [{ metric: path + key, value: inner }] : numbersOf(inner, `${path}${key}.`),
  );
}

/** Read from the name, which has the unit in it; the first that fits. */
const unitsByName: readonly (readonly [name: RegExp, unit: string])[] = [
  [/UsPerMessage$/, "us/message"],
  [/UsPerFanout$/, "us/fanout"],
  [/SwitchesPerMessage$/, "1/message"],
  [/BytesPer[A-Z]\w*$/, "bytes/connection"],
  [/[Pp]erS$/, "1/s"],
  [/Us(P\d+)?$/, "us"],
  [/UsPerHandshake$/, "us/handshake"],
  [/Ms(\.\w+)?$/, "ms"],
  [/Bytes(Before|Peak|After)?$/, "bytes"],
  [/(Share|\breach)$/, "share"],
  [/Ratio$/, "ratio"],
  [/S$/, "s"],
];

/** By the metric's name. */
export function unitOf(metric: string): string {
  return unitsByName.find(([name]) => name.test(metric))?.[1] ?? "count";
}
