/** Plots of marks over each other on one x axis, with their foot and their legend, in as many panels as marks need. */

import { formatUs } from "../words/format.js";
import { dimText } from "../words/words.js";
import { plotColumns, renderLegend } from "./chart-panel.js";
import type { Page } from "./page.js";
import { cutToWidth } from "./plain-text.js";
import { drawPoints, type PointSeries, pointLegend, pointSeriesMax } from "./point-plot.js";

/** Columns before the axis. */
export const labelWidth = 8;
const height = 4;
const leastSpan = 0.2;
const indent = "  ";

/** One plot, in words over it. */
interface TitledPlot {
  readonly title: string;
  readonly series: readonly PointSeries[];
  /** Of a value beside the axis; a latency in microseconds when left out. */
  readonly format?: (value: number) => string;
  /** As the frame of `drawPoints` has it. */
  readonly isCount?: boolean;
}

/** A screen has room for one. */
export function firstWhenBrief<Plot>({ isBrief }: Page, plots: readonly Plot[]): readonly Plot[] {
  return isBrief === true ? plots.slice(0, 1) : plots;
}

interface PlotStack {
  /** Each with the same series in the same order. */
  readonly plots: readonly TitledPlot[];
  readonly xRange: readonly [least: number, greatest: number];
  /** Under the plots: what stands at the left end, in the middle and at the right end of the x axis. */
  readonly foot: readonly [left: string, middle: string, right: string];
  /** Places of the x axis that are pointed at from below, and what happened there. */
  readonly events?: { readonly at: readonly number[]; readonly words: string };
  /** What is wrong with a spoilt point; `disqualified` when left out. */
  readonly spoiltWords?: string;
}

/** Nothing on a page too narrow, or without any point. */
export function renderPlotStack(
  { plots, xRange, foot, events, spoiltWords }: PlotStack,
  page: Page,
): string[] {
  const columns = plotColumns(page, labelWidth);
  if (columns === 0) return [];
  const most = Math.max(0, ...plots.map(({ series }) => series.length));
  const panels: string[] = [];
  for (let at = 0; at < most; at += pointSeriesMax) {
    const some = plots.map((plot) => ({ ...plot, series: plot.series.slice(at, at + pointSeriesMax) }));
    const drawn = some.flatMap(({ title, series, format = formatUs, isCount = false }) => {
      const frame = { columns, height, xRange, labelOf: format, labelWidth, leastSpan, isCount };
      const rows = drawPoints(series, frame, page.paint);
      return rows.length === 0 ? [] : [...dimText(title, page), ...rows.map((row) => indent + row)];
    });
    if (drawn.length === 0) continue;
    const footLine = `${indent}${" ".repeat(labelWidth + 1)}${footOf(foot, columns)}`;
    panels.push(
      ...(panels.length === 0 ? [] : [""]),
      ...drawn,
      ...(events === undefined ? [] : eventLine(events, xRange, columns, page)),
      page.paint("dim", cutToWidth(footLine, page.width)),
      ...renderLegend(pointLegend(some[0]?.series ?? [], spoiltWords), page),
    );
  }
  return panels;
}

function eventLine(
  { at, words }: NonNullable<PlotStack["events"]>,
  [from, to]: PlotStack["xRange"],
  columns: number,
  page: Page,
): string[] {
  const spots = Array.from({ length: columns }, () => " ");
  for (const x of at.filter((x) => x >= from && x <= to))
    spots[Math.round(((x - from) / Math.max(to - from, Number.MIN_VALUE)) * (columns - 1))] = "^";
  const line = `${indent}${" ".repeat(labelWidth + 1)}${spots.join("").trimEnd()}`;
  return [page.paint("yellow", line), ...dimText(`^ ${words}`, page)];
}

function footOf([left, middle, right]: PlotStack["foot"], columns: number): string {
  const start = Math.floor((columns - middle.length) / 2);
  const fits = left.length + 2 <= start && start + middle.length + 2 <= columns - right.length;
  const before = fits ? left.padEnd(start) + middle : left;
  return before + right.padStart(columns - before.length);
}
