/** An interval against its margin as a small drawing; all rows of a page share one logarithmic scale. */
import type { Comparison } from "../../results/comparison-schema.js";
import { isByDifference } from "../../scenario/metric.js";
import { type DrawnInterval, intervalScale } from "../draw/interval-drawing.js";
import { type Html, html } from "./markup.js";

export interface PictureScale {
  /** Natural logarithm of the ratio at the right edge; the left edge is its negative. */
  readonly reach: number;
}

const width = 300;
const height = 26;
const edge = 8;
const ratios = [1.01, 1.02, 1.05, 1.1, 1.2, 1.5, 2, 3, 5, 10];

export function pictureScale(comparisons: readonly Comparison[]): PictureScale {
  return { reach: intervalScale(comparisons, 1).reach };
}

/** The axis over the drawings: no change, and one ratio to each side. */
export function renderAxis(scale: PictureScale): Html {
  const shown = ratios.filter((ratio) => Math.log(ratio) <= scale.reach * 0.92);
  const outer = shown.at(-1);
  const inner = shown.findLast((ratio) => Math.log(ratio) < scale.reach * 0.52 && ratio !== outer);
  const marks = [outer, inner].flatMap((ratio) => (ratio === undefined ? [] : [1 / ratio, ratio]));
  return html`<svg class="axis" viewBox="0 0 ${width} 16" aria-hidden="true">${[1, ...marks].map(
    (ratio) =>
      html`<text x="${placeOf(ratio, scale)}" y="12" text-anchor="middle">${Number(ratio.toFixed(2))}x</text>`,
  )}</svg>`;
}

/** @param hasMargin a margin is drawn only where it decides something */
export function renderInterval(
  { metric, ratio, ciLow, ciHigh, margin }: DrawnInterval,
  {
    scale,
    style,
    hasMargin,
  }: { readonly scale: PictureScale; readonly style: string; readonly hasMargin: boolean },
): Html | null {
  if (isByDifference(metric)) return null;
  const middle = height / 2;
  const left = placeOf(1 / (1 + margin), scale);
  const right = placeOf(1 + margin, scale);
  const low = ciLow === null ? null : placeOf(ciLow, scale);
  const high = ciHigh === null ? null : placeOf(ciHigh, scale);
  return html`<svg class="interval ${style}" viewBox="0 0 ${width} ${height}" aria-hidden="true">
${hasMargin ? html`<rect class="margin" x="${left}" y="2" width="${round(right - left)}" height="${height - 4}" rx="3"/>` : null}
<line class="unity" x1="${width / 2}" x2="${width / 2}" y1="0" y2="${height}"/>
${low === null || high === null ? null : html`<line class="bar" x1="${low}" x2="${high}" y1="${middle}" y2="${middle}"/>`}
${[ciLow, ciHigh].map((end, i) => (end === null ? null : renderEnd(end, { scale, isLow: i === 0 })))}
${ratio === null || ratio <= 0 ? null : html`<circle class="dot" cx="${placeOf(ratio, scale)}" cy="${middle}" r="5"/>`}
</svg>`;
}

/** A bound within the scale ends in a stroke, one beyond it in an arrow. */
function renderEnd(
  end: number,
  { scale, isLow }: { readonly scale: PictureScale; readonly isLow: boolean },
): Html {
  const x = placeOf(end, scale);
  const middle = height / 2;
  const isBeyond = end <= 0 || Math.abs(Math.log(end)) > scale.reach;
  const back = isLow ? x + 5 : x - 5;
  return isBeyond
    ? html`<path class="bar" d="M${back} ${middle - 5}L${x} ${middle}L${back} ${middle + 5}"/>`
    : html`<line class="bar" x1="${x}" x2="${x}" y1="${middle - 4}" y2="${middle + 4}"/>`;
}

function placeOf(ratio: number, { reach }: PictureScale): number {
  const share = ratio <= 0 ? -1 : Math.max(-1, Math.min(1, Math.log(ratio) / reach));
  return round(width / 2 + share * (width / 2 - edge));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
