/**
 * An interval against its margin as one line of text: `[  |─●─ ]`. All rows of a table share one scale, which is
 * logarithmic, so that twice as much and half as much lie equally far from no change.
 */
import type { Comparison } from "../../results/comparison-schema.js";
import { isByDifference } from "../../scenario/metric.js";

export interface IntervalScale {
  /** Characters of a drawing; odd, so that no change has a place of its own. */
  readonly columns: number;
  /** Natural logarithm of the ratio at the right end; the left end is its negative. */
  readonly reach: number;
}

/** Beyond a factor of two the ends are arrows: one wild interval must not squash all others to a dot. */
const reachMax = Math.log(2);

/** Reaches past every margin and, within reason, every interval. */
export function intervalScale(compared: readonly Comparison[], columns: number): IntervalScale {
  const comparisons = compared.filter(({ metric }) => !isByDifference(metric));
  const margins = comparisons.map(({ margin }) => 1.25 * Math.log1p(margin));
  const ends = comparisons
    .flatMap(({ ratio, ciLow, ciHigh }) => [ratio, ciLow, ciHigh])
    .flatMap((value) => (value !== null && value > 0 ? [1.05 * Math.abs(Math.log(value))] : []));
  const wanted = Math.max(0.02, ...margins, ...ends);
  return {
    columns: columns % 2 === 0 ? columns - 1 : columns,
    reach: Math.min(wanted, Math.max(reachMax, ...margins)),
  };
}

/** The scale's ends and middle, to stand over the drawings. */
export function scaleHeader({ columns, reach }: IntervalScale): string {
  const left = Math.exp(-reach).toFixed(2);
  const right = Math.exp(reach).toFixed(2);
  const middle = Math.floor(columns / 2);
  return `${left.padEnd(middle)}1${right.padStart(columns - middle - 1)}`;
}

/** What a drawing shows of a comparison. */
export type DrawnInterval = Pick<Comparison, "metric" | "ratio" | "ciLow" | "ciHigh" | "margin">;

/** One comparison, of a ratio; margins only where they decide something. */
export function drawInterval(
  { metric, ratio, ciLow, ciHigh, margin }: DrawnInterval,
  scale: IntervalScale,
  hasMargin: boolean,
): string {
  if (isByDifference(metric)) return "";
  const spots = Array.from({ length: scale.columns }, () => " ");
  const middle = Math.floor(scale.columns / 2);
  spots[middle] = "|";
  if (hasMargin) {
    spots[placeOf(1 / (1 + margin), scale)] = "[";
    spots[placeOf(1 + margin, scale)] = "]";
  }
  if (ciLow !== null && ciHigh !== null) drawBar(spots, ciLow, ciHigh, scale);
  if (ratio !== null) drawRatio(spots, ratio, scale);
  return spots.join("");
}

function drawBar(spots: string[], low: number, high: number, scale: IntervalScale): void {
  const from = placeOf(low, scale);
  const to = placeOf(high, scale);
  for (let at = from; at <= to; at++) spots[at] = spots[at] === "[" || spots[at] === "]" ? "┼" : "─";
  if (low < Math.exp(-scale.reach)) spots[from] = "<";
  if (high > Math.exp(scale.reach)) spots[to] = ">";
}

/** A dot at the edge would claim a place on the scale that the ratio does not have. */
function drawRatio(spots: string[], ratio: number, scale: IntervalScale): void {
  const at = placeOf(ratio, scale);
  if (ratio > Math.exp(scale.reach)) spots[at] = ">";
  else spots[at] = ratio < Math.exp(-scale.reach) ? "<" : "●";
}

function placeOf(ratio: number, { columns, reach }: IntervalScale): number {
  const share = ratio > 0 ? Math.log(ratio) / reach : -1;
  const within = Math.min(1, Math.max(-1, share));
  return Math.round(((within + 1) / 2) * (columns - 1));
}
