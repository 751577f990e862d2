/** How a comparison stands while it runs, and what it still needs: no verdict is hidden in it. */
import type { Comparison } from "../../results/comparison-schema.js";
import { formatNumberOf, formatPercent, formatSecondsLeft } from "../words/format.js";
import { metricWords } from "../words/metric-words.js";

export interface Standing {
  readonly comparisons: readonly Comparison[];
  /** Blocks done. */
  readonly blocks: number;
  /** Blocks at which the run looks, ascending. */
  readonly looks: readonly number[];
  /** The look that comes next; null when all is decided. */
  readonly nextLook: number | null;
  /** Half the width that the 95 % intervals shall come down to; null where verdicts end the run. */
  readonly precision: number | null;
  /** What a block takes; null before one is known. */
  readonly secondsPerBlock: number | null;
  /** Half an interval's width as a share, and about how many blocks would bring it down to the precision. */
  readonly need: (comparison: Comparison) => { readonly width: number; readonly blocks: number } | null;
}

const shown = 3;

/** `off round trip p50 1.02x; next look at block 24`; null before there is anything. */
export function standingWords(standing: Standing): string | null {
  const ratios = standing.comparisons
    .filter(({ ratio }) => ratio !== null)
    .map(({ candidate, metric, ratio }) => `${candidate} ${metricWords(metric)} ${ratio?.toFixed(2)}x`);
  if (ratios.length === 0) return null;
  const { precision, nextLook } = standing;
  const more = ratios.length > shown ? ` and ${ratios.length - shown} more` : "";
  const found = `${ratios.slice(0, shown).join(", ")}${more}`;
  if (precision !== null) return `${precisionWords(standing, precision)}; ${found}`;
  if (nextLook === null) return found;
  const planned = standing.looks.includes(nextLook);
  return `${found}; ${planned ? `next look at block ${nextLook}` : "looked at when the time is up"}`;
}

/** `off round trip p50 ±4.1 %, needs ±3 %: about 12 more blocks, 40 s`, of the comparison that needs most. */
function precisionWords(standing: Standing, precision: number): string {
  const { comparisons, blocks, looks, nextLook, secondsPerBlock, need } = standing;
  const needs = comparisons
    .map((comparison) => ({ comparison, need: need(comparison) }))
    .sort(
      (a, b) => (b.need?.blocks ?? Number.POSITIVE_INFINITY) - (a.need?.blocks ?? Number.POSITIVE_INFINITY),
    );
  const [most] = needs;
  const goal = `±${formatPercent(precision)}`;
  if (most === undefined || most.need === null) return `no interval yet, needs ${goal}`;
  const { comparison, need: needed } = most;
  const name = `${comparison.candidate} ${metricWords(comparison.metric)} ±${formatPercent(needed.width)}`;
  // Only a look can end the run, so it goes on to the first one at or beyond what is needed.
  const target = Math.max(needed.blocks, nextLook ?? 0);
  const end = looks.find((look) => look >= target);
  if (end === undefined) {
    const most = looks.at(-1);
    const planned = most === undefined ? "blocks" : formatNumberOf(most, "block");
    return `${name}, needs ${goal}: more than the ${planned} planned`;
  }
  const left = Math.max(0, end - blocks);
  const time = secondsPerBlock === null ? "" : `, ${formatSecondsLeft(left * secondsPerBlock)}`;
  return `${name}, needs ${goal}: about ${formatNumberOf(left, "more block")}${time}`;
}
