/** Ratios over runs as a drawing: intervals, levels, and a line where a level starts. A pointer on a run reads it. */
import type { HistoryDocument } from "../../results/history-document.js";
import { escapeControls } from "../draw/plain-text.js";
import { levelsByRun } from "../history/history-words.js";
import { commitOf, momentOf } from "../history/run-words.js";
import { formatRatio } from "../words/format.js";
import { type Html, html } from "./markup.js";

type Series = HistoryDocument["series"][number];
type Run = HistoryDocument["runs"][number];

const width = 900;
const height = 240;
const left = 56;
const right = 12;
const top = 10;
const bottom = 28;
/** The scale spans at least this factor, so that noise does not look like a storm. */
const leastSpan = Math.log(1.04);

interface Scale {
  readonly low: number;
  readonly high: number;
}

export function renderHistoryPicture(series: Series, runs: ReadonlyMap<string, Run>): Html {
  const { points, changes } = series;
  const scale = scaleOf(series);
  const levels = levelsByRun(series);
  const step = (width - left - right) / points.length;
  const xOf = (at: number): number => round(left + (at + 0.5) * step);
  const starts = new Set(changes.map(({ runId }) => runId));
  const marks = marksOf(scale);
  return html`<svg class="history" viewBox="0 0 ${width} ${height}" role="img" aria-label="${points.length} ratios over runs, ${changes.length} changes of level">
${marks.map((ratio) => html`<line class="unity" x1="${left}" x2="${width - right}" y1="${yOf(ratio, scale)}" y2="${yOf(ratio, scale)}"/><text x="${left - 6}" y="${yOf(ratio, scale) + 4}" text-anchor="end">${Number(ratio.toFixed(3))}x</text>`)}
${points.map(({ runId }, at) => (starts.has(runId) ? renderStart(xOf(at) - step / 2) : null))}
${points.map(({ runId }, at) => renderLevel(levels.get(runId) ?? 1, { x: xOf(at), step, scale }))}
${points.map((point, at) => renderPoint(point, { x: xOf(at), scale, run: runs.get(point.runId), step }))}
${[0, points.length - 1].map((at) => html`<text x="${at === 0 ? left : width - right}" y="${height - 8}" text-anchor="${at === 0 ? "start" : "end"}">${placeText(runs.get(points[at]?.runId ?? ""))}</text>`)}
</svg>`;
}

function renderStart(x: number): Html {
  return html`<g class="yellow"><line class="bar" x1="${round(x)}" x2="${round(x)}" y1="${top}" y2="${height - bottom}"/></g>`;
}

function renderLevel(
  ratio: number,
  { x, step, scale }: { readonly x: number; readonly step: number; readonly scale: Scale },
): Html {
  const y = yOf(ratio, scale);
  return html`<line class="level" x1="${round(x - step / 2)}" x2="${round(x + step / 2)}" y1="${y}" y2="${y}"/>`;
}

interface PlacedRun {
  readonly x: number;
  readonly step: number;
  readonly scale: Scale;
  readonly run: Run | undefined;
}

function renderPoint(
  { ratio, ciLow, ciHigh }: Series["points"][number],
  { x, step, scale, run }: PlacedRun,
): Html {
  const text = formatRatio(ratio, ciLow, ciHigh);
  const words = `${placeText(run)}: ${text.ratio}, ${text.interval}`;
  const bar =
    ciLow === null || ciHigh === null
      ? null
      : html`<line class="interval" x1="${x}" x2="${x}" y1="${yOf(ciHigh, scale)}" y2="${yOf(ciLow, scale)}"/>`;
  const radius = round(Math.max(1.5, Math.min(4.5, step / 3)));
  return html`<g class="run"><title>${words}</title>${bar}<circle class="dot" cx="${x}" cy="${yOf(ratio, scale)}" r="${radius}"/></g>\n`;
}

function placeText(run: Run | undefined): string {
  return escapeControls(run === undefined ? "" : `${momentOf(run)}, ${commitOf(run)}`);
}

/** Wide intervals are cut off rather than let squash every ratio. */
function scaleOf({ points }: Series): Scale {
  const ratios = points.map(({ logRatio }) => logRatio);
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
  const reach = Math.max(most - least, leastSpan);
  const middle = (least + most) / 2;
  const ends = points.flatMap(({ ciLow, ciHigh }) =>
    ciLow === null || ciHigh === null ? [] : [Math.log(ciLow), Math.log(ciHigh)],
  );
  return {
    low: Math.max(Math.min(middle - reach / 2, ...ends), middle - reach),
    high: Math.min(Math.max(middle + reach / 2, ...ends), middle + reach),
  };
}

/** Five, evenly over the logarithm. */
function marksOf({ low, high }: Scale): number[] {
  return [0, 0.25, 0.5, 0.75, 1].map((share) => Math.exp(low + share * (high - low)));
}

function yOf(ratio: number, { low, high }: Scale): number {
  const share = Math.max(0, Math.min(1, (Math.log(ratio) - low) / (high - low)));
  return round(top + (1 - share) * (height - top - bottom));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
