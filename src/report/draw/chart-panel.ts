/** A chart with its foot and its legend, in as many panels as its lines need to be told apart. */
import {
  type ChartLine,
  type ChartScale,
  chartLinesMax,
  drawChart,
  type LegendEntry,
  legendEntries,
} from "./chart.js";
import type { Page } from "./page.js";
import { cutToWidth, displayWidth, escapeControls } from "./plain-text.js";

const indent = "  ";
/** Wider than this a line of text is no longer one glance. */
const columnsMax = 100;
/** Narrower than this a chart says nothing. */
const columnsMin = 20;

interface ChartFrame {
  readonly lines: readonly ChartLine[];
  readonly scale: ChartScale;
  /** The x axis in words, placed under the plot's columns, a line or several. */
  readonly foot: string | readonly string[];
}

/** Columns that a plot has on this page; 0 where it would be too narrow to draw. */
export function plotColumns(page: Page, labelWidth: number): number {
  const columns = Math.min(page.width, columnsMax) - indent.length - labelWidth - 1;
  return columns < columnsMin ? 0 : columns;
}

/** Panels of up to four lines each, all on the same scale. */
export function renderChartPanels({ lines, scale, foot }: ChartFrame, page: Page): string[] {
  const panels: string[] = [];
  for (let at = 0; at < lines.length; at += chartLinesMax) {
    const some = lines.slice(at, at + chartLinesMax);
    const rows = drawChart(some, scale, page.paint).map((row) => indent + row);
    const feet = typeof foot === "string" ? [foot] : foot;
    const before = indent + " ".repeat(scale.labelWidth + 1);
    panels.push(
      ...(at === 0 ? [] : [""]),
      ...rows,
      ...feet.map((line) => page.paint("dim", cutToWidth(before + line, page.width))),
      ...renderLegend(legendEntries(some), page),
    );
  }
  return panels;
}

/** What the lines or marks of a chart stand for, as many beside each other as the page has room for. */
export function renderLegend(entries: readonly LegendEntry[], page: Page): string[] {
  const rows: string[] = [];
  let row = "";
  let columns = 0;
  for (const { sample, style, name } of entries) {
    const text = cutToWidth(escapeControls(name), page.width - 2 * indent.length - sample.length);
    const entryColumns = indent.length + sample.length + 1 + displayWidth(text);
    if (row !== "" && columns + entryColumns > page.width) {
      rows.push(row);
      row = "";
      columns = 0;
    }
    row += `${indent}${page.paint(style, sample)} ${text}`;
    columns += entryColumns;
  }
  return row === "" ? rows : [...rows, row];
}
