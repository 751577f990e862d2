/** How long messages are inside the proxy, each way, by the stamps of packets on both its sides. */
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import type { LatencySummary } from "../../results/trial-schema.js";
import type { Page } from "../draw/page.js";
import { escapeControls } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import type { Row } from "../draw/table-model.js";
import { absent, formatPercent, formatUs } from "../words/format.js";
import { seriesMeaning } from "../words/latency-series.js";
import { medianOf } from "../words/median.js";
import { dimText, heading } from "../words/words.js";
import { countedTrials } from "./run-facts.js";

const ways = [
  { words: "to the backend", series: "residenceUp" },
  { words: "to the clients", series: "residenceDown" },
] as const;
const statistics = ["p50", "p90", "p99", "p999"] as const;

/** Nothing where nobody asked. */
export function renderResidence({ arms }: RunDocument, page: Page): string[] {
  const watched = arms.filter(({ trials }) => trials.some(({ residence }) => residence !== undefined));
  if (watched.length === 0) return [];
  const shares = watched.flatMap(({ trials }) =>
    trials.flatMap(({ residence }) => residence?.busyShare ?? []),
  );
  return [
    ...heading("Time inside the proxy, by the stamps of packets on both its sides", page),
    ...renderTable(
      {
        columns: [
          { title: "arm", align: "left", grouped: true },
          { title: "", align: "left" },
          { title: "p50", align: "right" },
          { title: "p90", align: "right", keep: 2 },
          { title: "p99", align: "right" },
          { title: "p99.9", align: "right", keep: 3 },
          { title: "max", align: "right", keep: 1 },
        ],
        rows: watched.flatMap(rowsOf),
      },
      page,
    ),
    ...dimText(
      `${seriesMeaning("residenceUp")}, and back; watching took ${formatPercent(Math.max(...shares))} of a processor at most`,
      page,
    ),
  ];
}

function rowsOf(arm: ArmResult): Row[] {
  const { trials } = countedTrials(arm);
  const problems = new Set(trials.flatMap(({ residence }) => residence?.problem ?? []));
  const rows = ways.map(({ words, series }): Row => {
    const summaries = trials.map(({ latencyUs }) => latencyUs[series]);
    const medians = statistics.map((name) => medianOf(summaries.map((summary) => summary?.[name])).median);
    return { cells: [escapeControls(arm.name), words, ...medians.map(formatUs), greatest(summaries)] };
  });
  const notes = [...problems].map((problem) => `no figure: ${escapeControls(problem)}`);
  return rows.map((row, at) => (at < rows.length - 1 ? row : { ...row, notes }));
}

function greatest(summaries: readonly (LatencySummary | undefined)[]): string {
  const known = summaries.flatMap((summary) => summary?.max ?? []);
  return known.length === 0 ? absent : formatUs(Math.max(...known));
}
