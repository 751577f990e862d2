/** What a history says in words, on a terminal and on a page. */
import type { HistoryDocument } from "../../results/history-document.js";
import type { Page } from "../draw/page.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { formatNumberOf, formatRatio } from "../words/format.js";
import { metricWords } from "../words/metric-words.js";
import { dimText, heading } from "../words/words.js";
import { commitOf, dayOf, momentOf } from "./run-words.js";

type Series = HistoryDocument["series"][number];
type Run = HistoryDocument["runs"][number];

export const historyInforms =
  "Each ratio was measured within its run, so other machines and other days do not move it. A change is told after the fact, once five runs stand on both sides, and gates nothing: to judge a commit, measure it against another in one run.";

/** `site: 42 runs, 2026-01-03 to 2026-02-13` */
export function historyTitle({ scenario, runs }: HistoryDocument): string {
  const [first, last] = [runs[0], runs.at(-1)];
  const span = first === undefined || last === undefined ? "" : `, ${dayOf(first)} to ${dayOf(last)}`;
  return `${escapeControls(scenario)}: ${formatNumberOf(runs.length, "run")}${span}`;
}

/** What it is divided by, and what could not be read. */
export function renderHistoryFacts({ references, warnings }: HistoryDocument, page: Page): string[] {
  const pinned = references.map(({ name, kind, version, configSha256 }) => {
    const config = configSha256 === null ? "" : `, config ${escapeControls(configSha256.slice(0, 12))}`;
    return `Divided by ${escapeControls(name)}: ${escapeControls([kind, version ?? ""].join(" ").trim())}${config}.`;
  });
  return [
    ...pinned.flatMap((words) => wrapText(words, page.width, { first: 2 })),
    ...warnings.flatMap(({ message }) =>
      wrapText(escapeControls(message), page.width, { first: 2, rest: 4 }).map((line) =>
        page.paint("yellow", line),
      ),
    ),
  ];
}

/** `site / reference` */
export function seriesName({ arm, reference }: Series): string {
  return `${escapeControls(arm)} / ${escapeControls(reference)}`;
}

/** `round trip p50: site / reference` */
export function seriesTitle(series: Series): string {
  return `${metricWords(series.metric)}: ${seriesName(series)}`;
}

/** By run, the median of the level that it belongs to. */
export function levelsByRun({ points, levels }: Series): Map<string, number> {
  let at = -1;
  return new Map(
    points.map(({ runId }) => {
      if (levels[at + 1]?.firstRunId === runId) at++;
      return [runId, levels[at]?.ratio ?? 1];
    }),
  );
}

/** Since which commit a level holds, or that there is one level. */
export function renderChanges(series: Series, runs: ReadonlyMap<string, Run>, page: Page): string[] {
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

/** Runs that the pinned reference shuts out, counted by reason. */
export function renderLeftOut(
  { leftOut }: HistoryDocument,
  runs: ReadonlyMap<string, Run>,
  page: Page,
): string[] {
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
