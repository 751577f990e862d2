/** A scenario's history in words, a chart for each series of ratios, and its runs. */
import type { HistoryDocument } from "../results/history-document.js";
import { toAscii } from "./ascii.js";
import { formatNumberOf, formatRatio } from "./format.js";
import { drawHistoryChart, historyChartMargin } from "./history-chart.js";
import { renderHistoryRuns } from "./history-runs.js";
import { metricWords } from "./metric-words.js";
import { createPaint, type Detail, type Page, type SectionOptions } from "./paint.js";
import { cutToWidth, escapeControls, wrapText } from "./plain-text.js";
import { commitOf, dayOf, momentOf, placeOf } from "./run-words.js";
import { renderTable } from "./table.js";
import { dimText, heading } from "./words.js";

type Series = HistoryDocument["series"][number];
type Run = HistoryDocument["runs"][number];

export interface HistoryReportOptions {
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
    renderSummary(history, page),
    ...charted.map((series) => renderSeries(series, runs, { page, detail })),
    renderOthers(
      history.series.filter((series) => !charted.includes(series)),
      page,
    ),
    renderHistoryRuns(history, { page, detail }),
    renderLeftOut(history, runs, page),
    wrapText(informs, page.width).map((line) => page.paint("dim", line)),
  ].filter((lines) => lines.length > 0);
  const text = `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
  return unicode ? text : toAscii(text);
}

const informs =
  "Each ratio was measured within its run, so other machines and other days do not move it. A change is told after the fact, once five runs stand on both sides, and gates nothing: to judge a commit, measure it against another in one run.";

/** Where something happened, and each arm's first metric. */
function chartedSeries(all: readonly Series[]): Series[] {
  return all.filter(
    (series) => series.changes.length > 0 || all.find(({ arm }) => arm === series.arm) === series,
  );
}

function renderSummary({ scenario, runs, references, warnings }: HistoryDocument, page: Page): string[] {
  const [first, last] = [runs[0], runs.at(-1)];
  const span = first === undefined || last === undefined ? "" : `, ${dayOf(first)} to ${dayOf(last)}`;
  const pinned = references.map(({ name, kind, version, configSha256 }) => {
    const config = configSha256 === null ? "" : `, config ${configSha256.slice(0, 12)}`;
    return `Divided by ${escapeControls(name)}: ${[kind, version ?? ""].join(" ").trim()}${config}.`;
  });
  return [
    ...heading(`${scenario}: ${formatNumberOf(runs.length, "run")}${span}`, page),
    ...pinned.flatMap((words) => wrapText(words, page.width, { first: 2 })),
    ...warnings.flatMap(({ message }) =>
      wrapText(escapeControls(message), page.width, { first: 2, rest: 4 }).map((line) =>
        page.paint("yellow", line),
      ),
    ),
  ];
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
    ...heading(`${metricWords(series.metric)}: ${nameOf(series)}`, page),
    ...rows.map((row) => indent + row),
    page.paint("dim", cutToWidth(`${indent}${" ".repeat(historyChartMargin)}${foot}`, page.width)),
    ...renderChanges(series, runs, page),
  ];
}

function nameOf({ arm, reference }: Series): string {
  return `${escapeControls(arm)} / ${escapeControls(reference)}`;
}

function levelsByRun({ points, levels }: Series): Map<string, number> {
  let at = -1;
  return new Map(
    points.map(({ runId }) => {
      if (levels[at + 1]?.firstRunId === runId) at++;
      return [runId, levels[at]?.ratio ?? 1];
    }),
  );
}

function renderChanges(series: Series, runs: ReadonlyMap<string, Run>, page: Page): string[] {
  const { changes, levels, points } = series;
  const levelText = (i: number): string => formatRatio(levels[i]?.ratio ?? null, 1, 1).ratio;
  if (changes.length === 0) {
    const enough =
      points.length >= 10 ? "no change of level" : "too few runs for a change to be told: want 10";
    return wrapText(`${levelText(0)} over ${formatNumberOf(points.length, "run")}: ${enough}`, page.width, {
      first: 2,
      rest: 4,
    });
  }
  return changes.flatMap((change, i) => {
    const [run, before] = [runs.get(change.runId), runs.get(change.previousRunId)];
    const words = `▲ ${percentText(change.shift)}, from ${levelText(i)} to ${levelText(i + 1)}, since ${commitOf(run)} (${momentOf(run)}, run ${change.runId}); ${commitOf(before)} was the last before it (p ${pText(change.correctedP)})`;
    return wrapText(words, page.width, { first: 2, rest: 4 }).map((line) => page.paint("yellow", line));
  });
}

function percentText(share: number): string {
  const percent = Math.abs(share * 100);
  return `${share < 0 ? "down" : "up"} ${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

function pText(p: number): string {
  return p < 0.0001 ? "< 0.0001" : `= ${p.toPrecision(2)}`;
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
              nameOf(series),
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

/** Runs that the pinned reference shuts out, counted by reason. */
function renderLeftOut({ leftOut }: HistoryDocument, runs: ReadonlyMap<string, Run>, page: Page): string[] {
  const reasons = [...new Set(leftOut.map(({ reason }) => reason))];
  const lines = reasons.map((reason) => {
    const some = leftOut.filter((one) => one.reason === reason);
    const last = runs.get(some.at(-1)?.runId ?? "");
    return `${formatNumberOf(some.length, "run")}, the last ${momentOf(last)}: ${escapeControls(reason)}`;
  });
  if (lines.length === 0) return [];
  return [
    ...heading("Left out", page),
    ...lines.flatMap((line) => wrapText(line, page.width, { first: 2, rest: 4 })),
    ...dimText("the reference is pinned as the newest run has it; --ref ARM divides by another arm", page),
  ];
}
