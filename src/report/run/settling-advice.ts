/** What would settle a comparison that is inconclusive, by what kept it from a verdict. */
import { type VoidCause, voidCause } from "../../judge/void-cause.js";
import type { Comparison } from "../../results/comparison-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import { escapeControls } from "../draw/plain-text.js";
import { formatCount, formatNumberOf, formatPercent, formatSecondsLeft } from "../words/format.js";
import { medianOf } from "../words/median.js";
import { decisiveVoid } from "../words/void-words.js";
import { measuringAdvice } from "./measuring-advice.js";
import { secondsPerBlock } from "./run-facts.js";

/** As many as --blocks takes. */
const mostBlocksAsked = 1000;

/** Of a processor; less than this is what any system does beside a run. */
const noticeableShare = 0.05;

/** One sentence a cause; none when every one of the comparisons has its verdict. */
export function settlingAdvice(comparisons: readonly Comparison[], document: RunDocument): string[] {
  const byCode = new Map<string, Comparison[]>();
  for (const comparison of comparisons.filter(({ verdict }) => verdict === "inconclusive")) {
    // No code at all means that nothing stood in the way and the numbers still could not decide.
    for (const code of comparison.reasons.length === 0 ? [""] : comparison.reasons) {
      byCode.set(code, [...(byCode.get(code) ?? []), comparison]);
    }
  }
  if (byCode.size === 0) return [];
  const lost = decisiveVoid(comparisons, document);
  // More blocks, or a look that was not reached, would change nothing.
  if (lost !== null && !lost.isMachine) return [soundAdvice(lost)];
  const neighbours = neighbourAdvice(comparisons, document);
  if (lost !== null) {
    const machine = [...loadAdvice(comparisons, document), ...neighbours];
    return machine.length === 0 ? [soundAdvice(lost)] : machine;
  }
  const advice = [...byCode].map(([code, members]) =>
    code === "" ? blocksAdvice(members, document, neighbours.length > 0) : adviceFor(code, members, document),
  );
  return [...advice, ...loadAdvice(comparisons, document), ...neighbours];
}

function soundAdvice({ cure, isMachine }: VoidCause): string {
  return cure ?? (isMachine ? "a quieter machine" : "sound trials: wsrally probe may say what is wrong");
}

function adviceFor(code: string, members: readonly Comparison[], document: RunDocument): string {
  const blocks = Math.max(...members.map((member) => member.blocks));
  switch (code) {
    case "too-few-blocks":
      return `more blocks, for ${formatCount(blocks)} are too few for any verdict (--max-seconds, --blocks)`;
    case "lost-trials":
      return `keep the trials sound: too many were lost (disqualified: ${lostWords(members, document)})`;
    case "missing-values":
      return measuringAdvice(members, document, "has no number in too many trials");
    case "not-measured":
      return measuringAdvice(members, document, "was not measured");
    case "offer-not-met":
      return "a load that every arm can carry (--rate): one fell short, and latencies under different loads cannot be compared";
    case "no-look-yet":
      return "more blocks, for the first look had not been reached";
    default:
      return `see the reason given, ${escapeControls(code)}`;
  }
}

/** @param areNeighboursNamed whether something else is said of them */
function blocksAdvice(
  members: readonly Comparison[],
  document: RunDocument,
  areNeighboursNamed: boolean,
): string {
  const blocks = Math.max(...members.map((member) => member.blocks));
  const needed = Math.ceil(Math.max(0, ...members.map(({ blocksForMargin }) => blocksForMargin ?? 0)));
  const quieter = areNeighboursNamed ? "" : ", or fewer neighbours on the machine";
  if (needed <= blocks)
    return `more blocks than these ${formatCount(blocks)} (--max-seconds, --blocks)${quieter}`;
  const perBlock = secondsPerBlock(document);
  const time = perBlock === null ? "" : `, ${formatSecondsLeft(needed * perBlock)} at this run's pace,`;
  if (needed > mostBlocksAsked) {
    return `a quieter machine or a wider margin: a difference as large as the margin would take about ${formatNumberOf(needed, "block")}`;
  }
  const lastLook = document.plan?.looks.at(-1) ?? Number.POSITIVE_INFINITY;
  const flags = needed > lastLook ? `--blocks ${needed}` : "--max-seconds, --blocks";
  return (
    `about ${formatNumberOf(needed, "block")} instead of ${formatCount(blocks)}${time} would show a difference as large ` +
    `as the margin (${flags})${quieter}`
  );
}

/** `off: 3 of 14, on: 0 of 14; most for this: a limit on connections`. */
function lostWords(members: readonly Comparison[], document: RunDocument): string {
  const arms = armsOf(members, document);
  const cause = voidCause(arms);
  const lost = arms.map(({ name, trials }) => {
    const out = trials.filter(({ disqualified }) => disqualified).length;
    return `${escapeControls(name)}: ${formatCount(out)} of ${formatCount(trials.length)}`;
  });
  const why = cause === null ? [] : [`most for this: ${escapeControls(cause.words)}`];
  return [lost.join(", "), ...why].join("; ");
}

/** A generator at its limit measures itself, and only less load helps. */
function loadAdvice(comparisons: readonly Comparison[], document: RunDocument): string[] {
  const trials = trialsOf(comparisons, document);
  const saturated = countBecause("generator-saturated", trials);
  if (saturated === 0) return [];
  const total = formatNumberOf(trials.length, "trial");
  return [
    `a lower load (--rate), for the generator was at its limit in ${formatCount(saturated)} of ${total}`,
  ];
}

/**
 * What others on the machine took while it ran, where that was enough to matter; and a generator that had time to spare
 * and was late all the same was kept from its processor by them.
 */
function neighbourAdvice(comparisons: readonly Comparison[], document: RunDocument): string[] {
  const trials = trialsOf(comparisons, document);
  const stolen = medianOf(trials.map(({ generator }) => generator.stealShare)).median ?? 0;
  const others = medianOf(trials.map(({ generator }) => generator.otherShare)).median ?? 0;
  const late = countBecause("generator-saturated", trials) > 0 ? 0 : countBecause("sends-late", trials);
  const signs = [
    ...(stolen + others < noticeableShare
      ? []
      : [
          `in the median trial the hypervisor took ${formatPercent(stolen)} of a processor and other programs ${formatPercent(others)}`,
        ]),
    ...(late === 0
      ? []
      : [`sends came late in ${formatCount(late)} of ${formatNumberOf(trials.length, "trial")}`]),
  ];
  return signs.length === 0 ? [] : [`fewer neighbours on the machine: ${signs.join("; ")}`];
}

type Trials = RunDocument["arms"][number]["trials"];

function countBecause(code: string, trials: Trials): number {
  return trials.filter(({ generator }) => generator.reasons.includes(code)).length;
}

function trialsOf(comparisons: readonly Comparison[], document: RunDocument): Trials {
  return armsOf(comparisons, document).flatMap((arm) => arm.trials);
}

function armsOf(comparisons: readonly Comparison[], document: RunDocument) {
  const names = new Set(comparisons.flatMap(({ baseline, candidate }) => [baseline, candidate]));
  return document.arms.filter(({ name }) => names.has(name));
}
