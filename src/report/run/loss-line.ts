/** Whether anything broke, in one line among the first: fast numbers of connections that were lost mislead. */
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import type { Page } from "../draw/page.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { formatCount } from "../words/format.js";
import { sumOf, toHold } from "./run-facts.js";

/**
 * Nothing when every connection was held and every message answered.
 * @param isCauseTold whether the lines above say already what most of it came from
 */
export function renderLossLine(document: RunDocument, page: Page, isCauseTold: boolean): string[] {
  const losses = document.arms.flatMap((arm) => lossOf(arm, isCauseTold));
  if (losses.length === 0) return [];
  return wrapText(`Failures: ${losses.join("; ")}; see below.`, page.width, { rest: 2 }).map((line) =>
    page.paint("red", line),
  );
}

/** `off 279, most by a limit on connections (941 of 1,000 connections held in the worst trial)`. */
function lossOf({ name, trials }: ArmResult, isCauseTold: boolean): string[] {
  const failures = sumOf(trials.flatMap((trial) => trial.failures.map(({ count }) => count)));
  const cause = isCauseTold ? null : commonestCause(trials);
  const why = cause === null ? "" : `, most by this: ${escapeControls(cause)}`;
  const worst = trials
    .map((trial) => ({ held: trial.connections.held, wanted: toHold(trial) }))
    .sort((a, b) => a.held - a.wanted - (b.held - b.wanted))[0];
  const isShort = worst !== undefined && worst.held < worst.wanted;
  if (failures === 0 && !isShort) return [];
  const held = isShort
    ? ` (${formatCount(worst.held)} of ${formatCount(worst.wanted)} connections held in the worst trial)`
    : "";
  return [`${escapeControls(name)} ${formatCount(failures)}${why}${held}`];
}

/** Of most failures; null where most have none. */
function commonestCause(trials: ArmResult["trials"]): string | null {
  const counts = new Map<string | null, number>();
  for (const { cause = null, count } of trials.flatMap(({ failures }) => failures)) {
    counts.set(cause, (counts.get(cause) ?? 0) + count);
  }
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first === undefined ? null : first[0];
}
