/** Latencies of each arm, series by series, so that the arms stand under each other. */
import type { RunDocument } from "../../results/run-document.js";
import type { LatencySummary } from "../../results/trial-schema.js";
import type { Page } from "../draw/page.js";
import { escapeControls } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import type { Column, Row } from "../draw/table-model.js";
import { absent, formatUs } from "../words/format.js";
import { type SeriesKey, seriesKeys, seriesMeaning, seriesWords } from "../words/latency-series.js";
import { medianOf } from "../words/median.js";
import { dimText, heading } from "../words/words.js";
import { decidingSeries } from "./deciding-series.js";
import { countedTrials } from "./run-facts.js";

const statistics = ["p50", "p90", "steadyP99", "p99", "p999"] as const;

/** A row with what has to be said about its cells. */
interface LatencyRow extends Row {
  readonly hasAbsent: boolean;
  readonly hasPartial: boolean;
}

/** Every series that was measured. */
export function renderLatencies(document: RunDocument, page: Page): string[] {
  const measured = seriesKeys.filter((key) => isMeasured(key, document));
  const { hasSteady, rows } = readRows(measured, document);
  if (rows.length === 0) return [];
  const meanings = measured.map((key) => `${seriesWords(key)}: ${seriesMeaning(key)}`);
  return [
    ...heading("Latency", page),
    ...renderTable({ columns: columnsWith(hasSteady), rows }, page),
    ...dimText("percentiles: median over the trials; max: the greatest of any trial", page),
    ...(rows.some(({ hasAbsent }) => hasAbsent)
      ? dimText("-: fewer than ten values lie beyond the percentile: it would be luck", page)
      : []),
    ...(rows.some(({ hasPartial }) => hasPartial) ? dimText("*: not every trial has a number", page) : []),
    ...(hasSteady ? dimText("steady p99: median, over slices of a trial, of the slice's p99", page) : []),
    ...dimText(meanings.join("; "), page),
  ];
}

/** The series that verdicts rest on, and nothing else. */
export function renderDecidingLatency(document: RunDocument, page: Page): string[] {
  const series = decidingSeries(document);
  const { hasSteady, rows } = readRows([series], document);
  if (rows.length === 0) return [];
  return [
    ...heading(`Latency, ${seriesWords(series)}: ${seriesMeaning(series)}`, page),
    ...renderTable(
      {
        columns: columnsWith(hasSteady).slice(1),
        rows: rows.map(({ cells }) => ({ cells: cells.slice(1) })),
      },
      page,
    ),
  ];
}

function isMeasured(key: SeriesKey, { arms }: RunDocument): boolean {
  return arms.some(({ trials }) => trials.some(({ latencyUs }) => (latencyUs[key]?.count ?? 0) > 0));
}

function readRows(
  series: readonly SeriesKey[],
  document: RunDocument,
): { readonly hasSteady: boolean; readonly rows: readonly LatencyRow[] } {
  const hasSteady = series.some((key) =>
    document.arms.some(({ trials }) => trials.some(({ latencyUs }) => latencyUs[key]?.steadyP99 != null)),
  );
  return { hasSteady, rows: series.flatMap((key) => rowsOf(key, document, hasSteady)) };
}

function columnsWith(hasSteady: boolean): Column[] {
  return [
    { title: "", align: "left", grouped: true },
    { title: "arm", align: "left" },
    { title: "p50", align: "right" },
    { title: "p90", align: "right", keep: 2 },
    ...(hasSteady ? [{ title: "steady p99", align: "right" } as const] : []),
    { title: "p99", align: "right", ...(hasSteady ? { keep: 4 } : {}) },
    { title: "p99.9", align: "right", keep: 3 },
    { title: "max", align: "right", keep: 1 },
  ];
}

function rowsOf(key: SeriesKey, document: RunDocument, hasSteady: boolean): LatencyRow[] {
  return document.arms
    .filter(({ trials }) => trials.some(({ latencyUs }) => (latencyUs[key]?.count ?? 0) > 0))
    .map((arm) => {
      const summaries = countedTrials(arm).trials.map(({ latencyUs }) => latencyUs[key]);
      const medians = statistics
        .filter((name) => name !== "steadyP99" || hasSteady)
        .map((name) => medianOf(summaries.map((summary) => summary?.[name])));
      return {
        cells: [
          seriesWords(key),
          escapeControls(arm.name),
          ...medians.map(({ median, isPartial }) => `${formatUs(median)}${isPartial ? "*" : ""}`),
          greatest(summaries),
        ],
        hasAbsent: medians.some(({ median }) => median === null),
        hasPartial: medians.some(({ isPartial }) => isPartial),
      };
    });
}

function greatest(summaries: readonly (LatencySummary | undefined)[]): string {
  const known = summaries.flatMap((summary) =>
    summary?.max === null || summary?.max === undefined ? [] : [summary.max],
  );
  return known.length === 0 ? absent : formatUs(Math.max(...known));
}
