/** Why so many trials are out that nothing can be said, in words: the same for the headline, the advice and a gate. */
import { type VoidCause, voidCause } from "../../judge/void-cause.js";
import type { Comparison } from "../../results/comparison-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import { escapeControls } from "../draw/plain-text.js";
import { formatCount, formatNumberOf } from "./format.js";

/** Beyond so many of all trials it is what is out that decides what can be said. */
const decisiveShare = 0.5;

/** The cause, where it is the trials that are out which keep these comparisons from a verdict; else null. */
export function decisiveVoid(
  comparisons: readonly Comparison[],
  { arms }: Pick<RunDocument, "arms">,
): VoidCause | null {
  const open = comparisons.filter(({ verdict }) => verdict === "inconclusive");
  if (open.length === 0) return null;
  const names = new Set(open.flatMap(({ baseline, candidate }) => [baseline, candidate]));
  const cause = voidCause(arms.filter(({ name }) => names.has(name)));
  if (cause === null) return null;
  const isBare = open.every(({ blocks }) => blocks === 0);
  return isBare || cause.out > decisiveShare * cause.trials ? cause : null;
}

/** `26 of 26 trials are out, most for this: fewer than 1/16 of worker_connections free (old, new)`. */
export function voidWords({ out, trials, words, count, arms }: VoidCause): string {
  const which = count === out ? "for this" : count * 2 > out ? "most for this" : "the most of them for this";
  const of = `${formatCount(out)} of ${formatNumberOf(trials, "trial")} are out, ${which}`;
  return `${of}: ${escapeControls(words)} (${arms.map(escapeControls).join(", ")})`;
}
