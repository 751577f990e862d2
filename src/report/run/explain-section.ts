/** What every verdict rests on, in words: blocks, estimate, intervals, the tests with their levels, and the rule that fired. */
import type { Comparison } from "../../results/comparison-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import { isByDifference } from "../../scenario/metric.js";
import type { Page } from "../draw/page.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { comparedText, isMeasured, marginText } from "../words/compared-words.js";
import { formatNumberOf, formatPercent, formatRatio, formatSeconds, formatUs } from "../words/format.js";
import { metricWords } from "../words/metric-words.js";
import { heading } from "../words/words.js";
import { blocksRun, sumOf } from "./run-facts.js";
import { settlingAdvice } from "./settling-advice.js";
import { ownStalls } from "./time-course.js";
import { isJudged, verdictStyles } from "./verdict-section.js";

export function renderExplanations(document: RunDocument, page: Page): string[] {
  const judged = document.comparisons.filter((one) => isJudged(one, document));
  if (judged.length === 0) return [];
  const hanging = { first: 4, rest: 6 };
  const entries = judged.flatMap((comparison) => {
    const { candidate, baseline, metric, verdict } = comparison;
    const title = `${candidate} / ${baseline}, ${metricWords(metric)}: ${verdict}`;
    return [
      ...wrapText(escapeControls(title), page.width, { first: 2, rest: 4 }).map((line) =>
        page.paint(verdictStyles[verdict], line),
      ),
      ...sentencesOn(comparison, document).flatMap((line) =>
        wrapText(escapeControls(line), page.width, hanging),
      ),
    ];
  });
  return [...heading("Why", page), ...entries, ...wrapText(budgetWords(document), page.width, { first: 2 })];
}

function sentencesOn(comparison: Comparison, document: RunDocument): string[] {
  return [
    seenWords(comparison, document),
    ...testWords(comparison),
    ruleWords(comparison),
    ...stallWords(comparison, document),
    ...settlingWords(comparison, document),
  ];
}

/** `14 blocks, look 1 of 4: 1.00x, 95 % interval 0.99-1.01, decision interval 0.97-1.03, margin 5 %`. */
function seenWords(comparison: Comparison, document: RunDocument): string {
  const { blocks, decisionLow, decisionHigh, margin } = comparison;
  const seen = `${formatNumberOf(blocks, "block")}${lookWords(comparison, document)}`;
  const shown = comparedText(comparison);
  const ratio = comparison.ratio;
  const decision = formatRatio(ratio, decisionLow, decisionHigh).interval;
  if (!isMeasured(comparison)) return `${seen}: no ratio`;
  return [
    `${seen}: ${shown.ratio}`,
    `95 % interval ${shown.interval === "-" ? "not to be had of so few" : shown.interval}`,
    ...(decision === "-" ? [] : [`decision interval ${decision}`]),
    `margin ${marginText(comparison)}${ratio === null ? "" : ` (${ratioEnds(margin)})`}`,
  ].join(", ");
}

/** Where the time ended a run between two looks, the last one is taken then, at what the others have not spent. */
function lookWords({ look }: Comparison, document: RunDocument): string {
  const { plan } = document;
  if (look == null || plan === null) return "";
  const isPlanned = blocksRun(document) >= (plan.looks[look] ?? Number.POSITIVE_INFINITY);
  return isPlanned
    ? `, look ${look + 1} of ${plan.looks.length}`
    : ", looked at when no more blocks were to come";
}

function ratioEnds(margin: number): string {
  return `${(1 / (1 + margin)).toFixed(3)}-${(1 + margin).toFixed(3)}`;
}

/** Where the line between a stall and none was, and how many were the machine's. */
function stallWords({ metric, baseline, candidate }: Comparison, { arms }: RunDocument): string[] {
  if (!isByDifference(metric)) return [];
  const told = arms.filter(({ name }) => name === baseline || name === candidate);
  const [first] = told.flatMap(({ stallsAboveUs }) => stallsAboveUs ?? []);
  const counts = told.map(({ name, trials }) => {
    const sound = trials.filter(({ disqualified }) => !disqualified);
    const own = sumOf(sound.map(ownStalls));
    return `${name} ${own}, and ${sumOf(sound.map(({ stallsSetAside = 0 }) => stallsSetAside))} set aside`;
  });
  if (first === undefined) return [];
  return [
    `a stall is a slice with a p99 above ${formatUs(first)}, four times that of the median slice: ${counts.join("; ")}, for generator, backend or machine stood still in them`,
  ];
}

/** The p-values, each against the level of its test; none before a look. */
function testWords(comparison: Comparison): string[] {
  const { pWorse, pBetter, pEquivalent, levelWorse, levelBetter, levelEquivalent, family } = comparison;
  if (pWorse === null || pBetter === null || pEquivalent === null || levelWorse == null) return [];
  const test = (name: string, p: number, level: number | null | undefined): string =>
    `${name} p ${formatP(p)} (${level == null ? "" : `${p <= level ? "at most" : "above"} ${formatP(level)}`})`;
  const shared =
    family === undefined || family === 1 ? "" : `; worse and better by Holm among ${family} comparisons`;
  const tests = [
    test("worse", pWorse, levelWorse),
    test("better", pBetter, levelBetter),
    test("equivalent", pEquivalent, levelEquivalent),
  ];
  return [`exact one-sided tests against their levels: ${tests.join(", ")}${shared}`];
}

function formatP(p: number): string {
  return p < 1e-6 ? "below 0.000001" : String(Number(p.toPrecision(2)));
}

/** Which rule gave the verdict. */
function ruleWords(comparison: Comparison): string {
  const { verdict, direction, equivalenceLow, equivalenceHigh, ratio } = comparison;
  const within = formatRatio(ratio, equivalenceLow, equivalenceHigh).interval;
  switch (verdict) {
    case "equivalent": {
      const whole = within === "-" ? "" : `: the whole interval at that level, ${within}, lies within it`;
      const real =
        direction === null ? "" : `; the difference is real (${direction}), and too small to count`;
      return `equivalent, because both tests against the margin of ${marginText(comparison)} reject${whole}${real}`;
    }
    case "worse":
    case "better":
      return `${verdict}, because the test for ${verdict} rejects at its level, and the margin was not proven to hold`;
    case "inconclusive":
      return inconclusiveWords(comparison);
  }
}

function inconclusiveWords({ reasons, smallestEffect }: Comparison): string {
  if (reasons.length > 0) return `inconclusive, because there can be no verdict: ${reasons.join(", ")}`;
  const seen =
    smallestEffect === null
      ? ""
      : `; a slowdown of ${formatPercent(smallestEffect)} would have been found 4 times in 5`;
  return `inconclusive, because no test rejects: neither no change nor a change beyond the margin can be ruled out${seen}`;
}

function settlingWords(comparison: Comparison, document: RunDocument): string[] {
  if (comparison.verdict !== "inconclusive") return [];
  return settlingAdvice([comparison], document).map((one) => `to settle it: ${one}`);
}

/** The error that the run as a whole may make. */
function budgetWords({ plan, scenario }: RunDocument): string {
  const precision =
    scenario.precision == null
      ? ""
      : ` It went on until every interval was within ±${formatPercent(scenario.precision)}, or its time was up; the verdicts keep their levels whichever look ends a run.`;
  if (plan === null) return "The run ended before its plan was made.";
  const { alpha, alphaEq, looks, slotS, whyBlocks } = plan;
  const alone =
    whyBlocks === undefined
      ? ""
      : ` Each arm had a trial of a block to itself and not slots of a shared time, for ${whyBlocks} in the burn-in: its pauses would have fallen into theirs.`;
  const slots =
    slotS === undefined
      ? alone
      : ` The arms of a block ran side by side, all connected, with the load at one of them at a time in slots of ${formatSeconds(slotS)}; what an arm's slots gave is one trial, p50 is compared slot by slot, steadyP99 by the quieter half of an arm's slots, and CPU a message is what the proxy used in its own slots.`;
  return `Over all ${formatNumberOf(looks.length, "look")} (${looks.join(", ")} blocks) a baseline's candidates are called worse by chance in at most ${formatPercent(alpha)} of runs, better in as many, and one of them equivalent when it is not in at most ${formatPercent(alphaEq)}.${slots}${precision}`;
}
