/**
 * The answer first, in words. "Equivalent" comes from the verdict alone, and what was not shown is said as "can't
 * tell": no difference shown is never printed as no difference.
 */
import type { Comparison } from "../../results/comparison-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import { asLatency } from "../../scenario/metric.js";
import { renderCapacityAnswer } from "../capacity/capacity-section.js";
import type { Page } from "../draw/page.js";
import type { Style } from "../draw/paint.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { renderRolloutAnswer } from "../rollout/rollout-section.js";
import { renderSoakAnswer } from "../soak/soak-section.js";
import { comparedText, isMeasured, marginText } from "../words/compared-words.js";
import { formatNumberOf } from "../words/format.js";
import { seriesMeaning } from "../words/latency-series.js";
import { listMetrics, metricWords } from "../words/metric-words.js";
import { namesLegend } from "../words/short-names.js";
import { decisiveVoid, voidWords } from "../words/void-words.js";
import { renderAbsoluteAnswers } from "./absolute-answers.js";
import { renderLossLine } from "./loss-line.js";
import { blocksRun } from "./run-facts.js";
import { settlingAdvice } from "./settling-advice.js";

type Verdict = Comparison["verdict"];

/** More candidates than this share one list of what would settle them. */
export const adviceApartMax = 3;

/** In the order in which one of them speaks for the whole candidate. */
export const precedence: readonly Verdict[] = ["worse", "inconclusive", "better", "equivalent"];

export const verdictStyles: Readonly<Record<Verdict, Style>> = {
  worse: "red",
  inconclusive: "yellow",
  better: "green",
  equivalent: "cyan",
};

export const groupLabels: Readonly<Record<Verdict, string>> = {
  worse: "worse",
  inconclusive: "can't tell",
  better: "better",
  equivalent: "equivalent",
};

/** A metric outside the scenario's list has an interval and no verdict (docs/statistics.md, Levels, looks, verdict). */
export function isJudged(comparison: Comparison, document: RunDocument): boolean {
  // Throughput is judged in the place of latencies where an arm fell short of the load.
  const { metric, pWorse } = comparison;
  return document.scenario.metrics.includes(metric) || (metric === "throughputPerS" && pWorse !== null);
}

/** One paragraph a candidate, or what there is to say without a comparison. */
export function renderVerdicts(document: RunDocument, page: Page): string[] {
  if (document.capacity !== undefined) return renderCapacityAnswer(document.capacity, document.status, page);
  if (document.rollouts !== undefined) return renderRolloutAnswer(document.rollouts, document.status, page);
  if (document.soak !== undefined) return renderSoakAnswer(document.soak, document.status, page);
  const judged = document.comparisons.filter((comparison) => isJudged(comparison, document));
  const pairs = [
    ...new Map(judged.map((one) => [JSON.stringify([one.baseline, one.candidate]), one])).values(),
  ];
  const hasMany = pairs.length > adviceApartMax;
  const answers = pairs.flatMap(({ baseline, candidate }) => {
    const members = judged.filter((one) => one.baseline === baseline && one.candidate === candidate);
    const advice = hasMany ? [] : settlingAdvice(members, document);
    return [...renderPair(members, document, page), ...renderAdvice(advice, page)];
  });
  const sharedAdvice = hasMany ? renderAdvice(settlingAdvice(judged, document), page) : [];
  const state = unfinishedWords(document);
  return [
    ...renderLegend(document, page),
    ...(judged.length > 0 ? [...answers, ...sharedAdvice] : renderAbsoluteAnswers(document, page)),
    ...renderLossLine(document, page, decisiveVoid(judged, document) !== null),
    ...(state === null ? [] : wrapText(state, page.width)),
  ];
}

function renderLegend(document: RunDocument, page: Page): string[] {
  const legend = namesLegend(document);
  return legend === null ? [] : wrapText(legend, page.width).map((line) => page.paint("dim", line));
}

function renderPair(comparisons: readonly Comparison[], document: RunDocument, page: Page): string[] {
  const groups = precedence
    .map((verdict) => ({ verdict, members: comparisons.filter((one) => one.verdict === verdict) }))
    .filter(({ members }) => members.length > 0);
  const [lead, ...others] = groups;
  const [first] = comparisons;
  if (lead === undefined || first === undefined) return [];
  const sentence = leadOf(lead.verdict, escapeControls(first.candidate), escapeControls(first.baseline));
  const style = verdictStyles[lead.verdict];
  const hanging = { first: 2, rest: 4 };
  const lost = lead.verdict === "inconclusive" ? decisiveVoid(lead.members, document) : null;
  const isBare = lead.members.every((one) => !isMeasured(one));
  const numbers = lost !== null && isBare ? [] : [listOf(lead.members)];
  const said = [...(lost === null ? [] : [voidWords(lost)]), ...numbers].join("; ");
  return [
    ...wrapText(`${sentence}: ${said}`, page.width, { rest: 2 }).map((line, i) =>
      i === 0 && line.startsWith(sentence) ? paintLead(sentence, line, style, page) : line,
    ),
    ...others.flatMap(({ verdict, members }) =>
      wrapText(`${groupLabels[verdict]}: ${listOf(members)}`, page.width, hanging),
    ),
  ];
}

function renderAdvice(advice: readonly string[], page: Page): string[] {
  const [only] = advice;
  if (only === undefined) return [];
  if (advice.length === 1) return wrapText(`to settle it: ${only}`, page.width, { first: 2, rest: 4 });
  const items = advice.flatMap((one) => wrapText(`- ${one}`, page.width, { first: 2, rest: 4 }));
  return [...wrapText("to settle it:", page.width, { first: 2 }), ...items];
}

function leadOf(verdict: Verdict, candidate: string, baseline: string): string {
  switch (verdict) {
    case "worse":
    case "better":
      return `${candidate} is ${verdict} than ${baseline}`;
    case "equivalent":
      return `${candidate} is equivalent to ${baseline}`;
    case "inconclusive":
      return `${candidate} against ${baseline} is inconclusive`;
  }
}

function paintLead(sentence: string, line: string, style: Style, page: Page): string {
  return page.paint("bold", page.paint(style, sentence)) + line.slice(sentence.length);
}

/** `round trip p50 1.00x (0.99-1.01), p99 1.02x (0.93-1.11)`. */
function listOf(comparisons: readonly Comparison[]): string {
  return listMetrics(
    comparisons.map((one) => {
      const { metric, verdict, direction } = one;
      const text = comparedText(one);
      if (!isMeasured(one)) return { metric, said: "not measured" };
      const interval = text.interval === "-" ? "no interval" : text.interval;
      const isSmallButReal = verdict === "equivalent" && direction !== null;
      return {
        metric,
        said: `${text.ratio} (${interval}${isSmallButReal ? `, ${direction}, but within the margin` : ""})`,
      };
    }),
  );
}

function unfinishedWords(document: RunDocument): string | null {
  const blocks = blocksRun(document);
  const when = blocks === 0 ? "before its first trial was done" : `after ${formatNumberOf(blocks, "block")}`;
  switch (document.status) {
    case "complete":
      return null;
    case "running":
      return blocks === 0
        ? "The run is in its first block."
        : `The run goes on: this is what its first ${formatNumberOf(blocks, "block")} say.`;
    case "interrupted":
    case "failed":
      return `The run ${document.status === "failed" ? "failed" : "was interrupted"} ${when}.`;
  }
}

/** How to read the verdicts, for who meets them for the first time; nothing where there are none. */
export function renderVerdictKey(document: RunDocument, page: Page): string[] {
  const judged = document.comparisons.filter((comparison) => isJudged(comparison, document));
  const [first] = judged;
  if (first === undefined) return [];
  const isOnePair = judged.every(
    (one) => one.candidate === first.candidate && one.baseline === first.baseline,
  );
  const ratio = isOnePair
    ? `${escapeControls(first.candidate)} / ${escapeControls(first.baseline)}`
    : "candidate / baseline";
  const equivalent = `Equivalent: proven to lie within ${marginWords(judged)}.`;
  const isOnWire = judged.some(({ metric }) => asLatency(metric)?.series === "wire");
  const wire = isOnWire ? ` Wire: ${seriesMeaning("wire")}.` : "";
  const isSteady = judged.some(({ metric }) => asLatency(metric)?.statistic === "steadyP99");
  const steady = isSteady ? " Steady p99: of a typical tenth of a second." : "";
  const key = `Ratios are ${ratio} with 95 % intervals: 1.10x is 10 % more. ${equivalent}${wire}${steady}`;
  return wrapText(key, page.width).map((line) => page.paint("dim", line));
}

/** `5 %`, or `5 % (10 % for wire steady p99)`: the commonest margin, then the metrics that have another. */
function marginWords(judged: readonly Comparison[]): string {
  const counts = new Map<string, number>();
  for (const one of judged) counts.set(marginText(one), (counts.get(marginText(one)) ?? 0) + 1);
  const [common] = [...counts].sort(([, a], [, b]) => b - a).map(([margin]) => margin);
  const others = new Map(
    judged.filter((one) => marginText(one) !== common).map((one) => [one.metric, marginText(one)]),
  );
  const exceptions = [...others].map(([metric, margin]) => `${margin} for ${metricWords(metric)}`);
  return exceptions.length === 0 ? (common ?? "") : `${common} (${exceptions.join(", ")})`;
}
