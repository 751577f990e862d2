/**
 * Latency by percentile, on the axis that HdrHistogram made usual: each further nine takes as much room as the
 * one before, so the tail can be read and not only the middle.
 */
import type { RunDocument } from "../../results/run-document.js";
import { plotColumns, renderChartPanels } from "../draw/chart-panel.js";
import type { Page } from "../draw/page.js";
import { escapeControls } from "../draw/plain-text.js";
import { formatUs } from "../words/format.js";
import { seriesKeyOf, seriesWords } from "../words/latency-series.js";
import { heading } from "../words/words.js";

/** One arm's distribution of one latency series, as read from its histogram. */
export interface PercentileCurve {
  readonly arm: string;
  /** A name of the run document's `latencyUs`. */
  readonly series: string;
  /** In any order; `percentile` runs from 0 to 100. */
  readonly points: readonly { readonly percentile: number; readonly valueUs: number }[];
}

/** A percentile needs this many values beyond it to mean anything. */
const valuesBeyond = 10;
/** Histograms count whole nanoseconds. */
const leastUs = 0.001;
const labelWidth = 8;
const height = 8;
/** Beyond this factor between least and greatest, the middle would be a flat line on an even scale. */
const evenScaleMax = 10;

/** One chart for each series of the curves, in their order; nothing without curves. */
export function renderPercentileCharts(
  curves: readonly PercentileCurve[],
  document: RunDocument,
  page: Page,
): string[] {
  const series = [...new Set(curves.map((curve) => curve.series))];
  return series.flatMap((name, i) => {
    const chart = renderSeries(
      curves.filter((curve) => curve.series === name),
      document,
      page,
    );
    return i === 0 || chart.length === 0 ? chart : ["", ...chart];
  });
}

function renderSeries(curves: readonly PercentileCurve[], document: RunDocument, page: Page): string[] {
  const columns = plotColumns(page, labelWidth);
  const readable = curves
    .map((curve) => ({ ...curve, points: readablePoints(curve, document) }))
    .filter(({ points }) => points.length > 1);
  if (readable.length === 0 || columns === 0) return [];
  const lastNines = Math.max(...readable.map(({ points }) => ninesOf(points.at(-1)?.percentile ?? 0)));
  const lines = readable.map(({ arm, points }) => ({
    name: arm,
    values: Array.from({ length: columns }, (_, x) =>
      valueAt(points, percentileOfNines((x / (columns - 1)) * lastNines)),
    ),
  }));
  const values = lines.flatMap((line) => line.values.filter((value) => value !== null));
  const least = Math.min(...values);
  const greatest = Math.max(...values);
  const isLog = greatest / least > evenScaleMax;
  const toScale = (value: number): number => (isLog ? Math.log(value) : value);
  const fromScale = (value: number): number => (isLog ? Math.exp(value) : value);
  const isFlat = greatest === least;
  const title = `Percentiles of ${escapeControls(seriesWords(readable[0]?.series ?? ""))}, all trials merged`;
  return [
    ...heading(isLog ? `${title}, on a logarithmic scale` : title, page),
    ...renderChartPanels(
      {
        lines: lines.map((line) => ({
          ...line,
          values: line.values.map((value) => (value === null ? null : toScale(value))),
        })),
        scale: {
          min: toScale(isFlat ? least * 0.9 : least),
          max: toScale(isFlat ? greatest * 1.1 : greatest),
          height,
          labelOf: (value) => formatUs(fromScale(value)),
          labelWidth,
        },
        foot: axisOf(lastNines, columns),
      },
      page,
    ),
  ];
}

/** In order, without what is no number, cannot be on a logarithmic scale, or rests on too few values. */
function readablePoints({ arm, series, points }: PercentileCurve, document: RunDocument) {
  const key = seriesKeyOf(series);
  const trials = document.arms.find(({ name }) => name === arm)?.trials ?? [];
  const count = trials.reduce((sum, { latencyUs }) => sum + (key ? (latencyUs[key]?.count ?? 0) : 0), 0);
  const last = count > valuesBeyond ? 100 * (1 - valuesBeyond / count) : 99.999;
  return points
    .filter(({ percentile, valueUs }) => percentile >= 0 && percentile <= last && valueUs >= leastUs)
    .filter(({ valueUs }) => Number.isFinite(valueUs))
    .sort((a, b) => a.percentile - b.percentile);
}

/** The least value that at least this share of all lies at or below; null beyond the curve's end. */
function valueAt(points: PercentileCurve["points"], percentile: number): number | null {
  return points.find((point) => point.percentile >= percentile - 1e-9)?.valueUs ?? null;
}

function ninesOf(percentile: number): number {
  return -Math.log10(1 - percentile / 100);
}

function percentileOfNines(nines: number): number {
  return 100 * (1 - 10 ** -nines);
}

/** `0   50   90   99   99.9 %`, each centred under its column, as far as they do not touch. */
function axisOf(lastNines: number, columns: number): string {
  let axis = "";
  for (const percentile of [0, 50, 90, 99, 99.9, 99.99, 99.999, 99.9999]) {
    const label = percentile === 0 ? "0 %" : String(percentile);
    const at = (ninesOf(percentile) / lastNines) * (columns - 1);
    const start = Math.min(columns - label.length, Math.max(0, Math.round(at - (label.length - 1) / 2)));
    if (at > columns - 0.5 || (axis !== "" && start < axis.length + 1)) continue;
    axis = axis.padEnd(start) + label;
  }
  return axis;
}
