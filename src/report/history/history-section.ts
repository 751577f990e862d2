/** A scenario's history in words, a chart for each series of ratios, and its runs. */
import type { HistoryDocument } from "../../results/history-document.js";
import { toAscii } from "../draw/ascii.js";
import type { Detail, Page, SectionOptions } from "../draw/page.js";
import { createPaint } from "../draw/paint.js";
import { cutToWidth, wrapText } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import { formatRatio } from "../words/format.js";
import { metricWords } from "../words/metric-words.js";
import { dimText, heading } from "../words/words.js";
import { drawHistoryChart, historyChartMargin } from "./history-chart.js";
import { renderHistoryRuns } from "./history-runs.js";
import {
  historyInforms,
  historyTitle,
  levelsByRun,
  renderChanges,
  renderHistoryFacts,
  renderLeftOut,
  seriesName,
  seriesTitle,
} from "./history-words.js";
import { placeOf } from "./run-words.js";

type Series = HistoryDocument["series"][number];
type Run = HistoryDocument["runs"][number];

interface HistoryReportOptions {
  readonly width: number;
  readonly colour: boolean;
  readonly unicode: boolean;
  readonly detail: Detail;
}

const indent = "  ";
const chartHeight = { usual: 7, full: 11 };
const columnWidthMax = 4;

export function renderHistory(
  history: HistoryDocument,
  { width, colour, unicode, detail }: HistoryReportOptions,
): string {
  const page: Page = { width, paint: createPaint({ colour }) };
  const runs = new Map(history.runs.map((run) => [run.runId, run]));
  const charted = detail === "full" ? history.series : chartedSeries(history.series);
  const sections = [
    [...heading(historyTitle(history), page), ...renderHistoryFacts(history, page)],
    ...charted.map((series) => renderSeries(series, runs, { page, detail })),
    renderOthers(
      history.series.filter((series) => !charted.includes(series)),
      page,
    ),
    renderHistoryRuns(history, { page, detail }),
    renderLeftOut(history, runs, page),
    wrapText(historyInforms, page.width).map((line) => page.paint("dim", line)),
  ].filter((lines) => lines.length > 0);
  const text = `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
  return unicode ? text : toAscii(text);
}

/** Where something happened, and each arm's first metric. */
function chartedSeries(all: readonly Series[]): Series[] {
  return all.filter(
    (series) => series.changes.length > 0 || all.find(({ arm }) => arm === series.arm) === series,
  );
}

function renderSeries(
  series: Series,
  runs: ReadonlyMap<string, Run>,
  { page, detail }: SectionOptions,
): string[] {
  const room = page.width - indent.length - historyChartMargin;
  const drawn = series.points.slice(-room);
  const columnWidth = Math.max(1, Math.min(columnWidthMax, Math.floor(room / drawn.length)));
  const starts = new Set(series.changes.map(({ runId }) => runId));
  const levelOf = levelsByRun(series);
  const columns = drawn.map(({ runId, ratio, ciLow, ciHigh }) => ({
    ratio,
    low: ciLow,
    high: ciHigh,
    level: levelOf.get(runId) ?? ratio,
    startsLevel: starts.has(runId),
  }));
  const rows = drawHistoryChart({ columns, height: chartHeight[detail], columnWidth }, page.paint);
  const [first, last] = [drawn[0], drawn.at(-1)].map((point) => runs.get(point?.runId ?? ""));
  const foot = `${placeOf(first)} … ${placeOf(last)}${drawn.length < series.points.length ? `, the newest ${drawn.length} of ${series.points.length} runs` : ""}`;
  return [
    ...heading(seriesTitle(series), page),
    ...rows.map((row) => indent + row),
    page.paint("dim", cutToWidth(`${indent}${" ".repeat(historyChartMargin)}${foot}`, page.width)),
    ...renderChanges(series, runs, page),
  ];
}

/** Series without a chart, a line each. */
function renderOthers(others: readonly Series[], page: Page): string[] {
  if (others.length === 0) return [];
  return [
    ...heading("Without a change", page),
    ...renderTable(
      {
        columns: [
          { title: "", align: "left" },
          { title: "", align: "left", flexible: true },
          { title: "runs", align: "right", keep: 1 },
          { title: "median", align: "right" },
          { title: "newest", align: "right" },
          { title: "interval", align: "right", keep: 2 },
        ],
        rows: others.map((series) => {
          const newest = series.points.at(-1);
          const text = formatRatio(newest?.ratio, newest?.ciLow, newest?.ciHigh);
          return {
            cells: [
              metricWords(series.metric),
              seriesName(series),
              String(series.points.length),
              formatRatio(series.levels[0]?.ratio, null, null).ratio,
              text.ratio,
              text.interval,
            ],
          };
        }),
      },
      page,
    ),
    ...dimText("--full draws them, --metric METRIC that one of every arm", page),
  ];
}
