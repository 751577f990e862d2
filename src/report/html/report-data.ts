/**
 * What the page's charts are drawn from, and their tables written from: curves cut down to points, and one number a
 * trial. The page's script gets it as JSON.
 */
import type { LatencyHistogram } from "../../base/latency-histogram.js";
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import type { TrialResult } from "../../results/trial-schema.js";
import { type SlicedSeries, slicedSeries } from "../../scenario/metric.js";
import { decidingSeries } from "../run/deciding-series.js";
import { type CurveSeries, type LoadCurve, loadCurves } from "../run/load-curve.js";
import { type SeriesKey, seriesKeys, seriesMeaning, seriesWords } from "../words/latency-series.js";
import { type CapacityChart, capacityChart } from "./capacity-data.js";
import { sharp } from "./sharp.js";
import { type SliceChart, sliceChart } from "./slice-data.js";
import { type SoakChart, soakChart } from "./soak-data.js";

type Unit = "us" | "perS";

/** One latency series of all arms, on common percentiles. */
export interface PercentileChart {
  readonly name: string;
  readonly meaning: string;
  /** Nines of each point: 1 is 90 %, 2 is 99 %. */
  readonly nines: readonly number[];
  /** By arm, in µs; null where fewer than ten values lie beyond. */
  readonly us: readonly (readonly (number | null)[])[];
}

/** One number a trial. */
export interface TimeChart {
  readonly name: string;
  readonly unit: Unit;
  /** By arm, then by trial, in the order of `ReportData.trials`. */
  readonly values: readonly (readonly (number | null)[])[];
}

/** A trial's place in the run. */
export interface TrialPlace {
  /** Counts from 1. */
  readonly block: number;
  /** Seconds since the run's first trial. */
  readonly startS: number;
  readonly endS: number;
  readonly out: boolean;
}

/** Arms of one group ran under the same load, and are drawn together. */
interface ArmPlace {
  readonly name: string;
  readonly group: string;
}

export interface ReportData {
  readonly arms: readonly ArmPlace[];
  readonly percentiles: readonly PercentileChart[];
  /** By arm. */
  readonly trials: readonly (readonly TrialPlace[])[];
  /** What verdicts rest on comes first. */
  readonly times: readonly TimeChart[];
  /** Null where trials have no slices, or too many to draw. */
  readonly slices: SliceChart | null;
  /** No curves unless some arm ran at several rates. */
  readonly loads: { readonly series: CurveSeries; readonly curves: readonly LoadCurve[] };
  /** Null where nothing was searched, or too little to draw. */
  readonly capacity: CapacityChart | null;
  /** Null where nothing was soaked. */
  readonly soak: SoakChart | null;
}

export type Histograms = ReadonlyMap<string, ReadonlyMap<string, LatencyHistogram>>;

export function reportData(document: RunDocument, histograms: Histograms): ReportData {
  const arms = document.arms.filter(({ trials }) => trials.length > 0);
  const { capacity, soak } = document;
  const deciding = decidingSeries(document);
  return {
    arms: arms.map(({ name, group }) => ({ name, group })),
    percentiles: keysFrom(deciding).flatMap((key) => percentileChart(key, arms, histograms)),
    trials: trialPlaces(arms),
    times: timeCharts(arms, deciding),
    slices: sliceChart(arms),
    loads: loadCurves(document),
    capacity: capacity === undefined ? null : capacityChart(capacity),
    soak: soak === undefined ? null : soakChart(soak),
  };
}

/** Each further point halves the values beyond in four steps, so that the axis of nines is filled evenly. */
const pointsAnOctave = 4;
const pointsMax = 100;

function percentileChart(
  key: SeriesKey,
  arms: readonly ArmResult[],
  histograms: Histograms,
): PercentileChart[] {
  const quantiles = Array.from({ length: pointsMax }, (_, i) => 1 - 2 ** (-i / pointsAnOctave));
  const curves = arms.map(({ name }) => {
    const values = histograms.get(name)?.get(key)?.quantiles(quantiles) ?? quantiles.map(() => null);
    return values.map((ns) => (ns === null ? null : sharp(ns / 1e3)));
  });
  const length = Math.max(0, ...curves.map((curve) => curve.findLastIndex((value) => value !== null) + 1));
  if (length < 2) return [];
  return [
    {
      name: seriesWords(key),
      meaning: seriesMeaning(key),
      nines: quantiles.slice(0, length).map((quantile) => rounded(-Math.log10(1 - quantile))),
      us: curves.map((curve) => curve.slice(0, length)),
    },
  ];
}

function trialPlaces(arms: readonly ArmResult[]): TrialPlace[][] {
  const startOf = ({ startedAt }: TrialResult): number => Date.parse(startedAt) / 1e3;
  const first = Math.min(...arms.flatMap(({ trials }) => trials.map(startOf)));
  return arms.map(({ trials }) =>
    trials.map((trial) => ({
      block: trial.block + 1,
      startS: rounded(startOf(trial) - first),
      endS: rounded(startOf(trial) - first + trial.warmupS + trial.durationS),
      out: trial.disqualified,
    })),
  );
}

interface Charted {
  readonly name: string;
  readonly unit: Unit;
  readonly of: (trial: TrialResult) => number | null;
}

const statistics = { p50: "p50", steadyP99: "steady p99", p90: "p90", p99: "p99" } as const;

function chartedOf(deciding: SlicedSeries): Charted[] {
  const ofSeries = (series: SlicedSeries): Charted[] =>
    (Object.keys(statistics) as (keyof typeof statistics)[]).map((statistic) => ({
      name: `${seriesWords(series)} ${statistics[statistic]}`,
      unit: "us" as const,
      of: ({ latencyUs }: TrialResult) => latencyUs[series]?.[statistic] ?? null,
    }));
  const others = slicedSeries.filter((series) => series !== deciding);
  return [
    ...ofSeries(deciding),
    { name: "CPU a message", unit: "us", of: ({ proxyCost }) => proxyCost?.cpuUsPerMessage ?? null },
    { name: "throughput", unit: "perS", of: ({ throughputPerS }) => throughputPerS },
    ...others.flatMap(ofSeries),
  ];
}

/** The series that verdicts rest on before the others. */
function keysFrom(deciding: SeriesKey): SeriesKey[] {
  return [deciding, ...seriesKeys.filter((key) => key !== deciding)];
}

function timeCharts(arms: readonly ArmResult[], deciding: SlicedSeries): TimeChart[] {
  return chartedOf(deciding)
    .map(({ name, unit, of }) => ({
      name,
      unit,
      values: arms.map(({ trials }) => trials.map((trial) => sharp(of(trial)))),
    }))
    .filter(({ values }) => values.some((numbers) => numbers.some((value) => value !== null)));
}

/** A thousandth is beyond what any eye can see on an axis. */
function rounded(value: number): number {
  return Math.round(value * 1e3) / 1e3;
}
