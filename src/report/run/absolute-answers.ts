/** What there is to say when nothing could be compared: each arm by itself, or why there is nothing. */
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import type { TrialResult } from "../../results/trial-schema.js";
import type { Page } from "../draw/page.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { formatCount, formatNumberOf, formatPerS, formatUs } from "../words/format.js";
import { type SeriesKey, seriesWords } from "../words/latency-series.js";
import { medianOf } from "../words/median.js";
import { allTrials, countedTrials } from "./run-facts.js";

export function renderAbsoluteAnswers(document: RunDocument, page: Page): string[] {
  if (allTrials(document).length === 0) {
    return wrapText("No verdict: no trial was finished, so nothing was measured.", page.width).map((line) =>
      page.paint("yellow", line),
    );
  }
  const measured = document.arms.filter(({ trials }) => trials.length > 0);
  const answers = measured.flatMap((arm) => wrapText(answerOf(arm), page.width, { rest: 2 }));
  const why =
    document.scenario.pairs.length === 0
      ? "One arm by itself: there is nothing to compare it with, so no verdict."
      : "No verdict: nothing could be compared yet.";
  return [...answers, ...wrapText(why, page.width)];
}

/** What was asked about: what comes unasked, where there is such. */
function answeringSeries(trials: readonly TrialResult[]): SeriesKey {
  if (trials.some(({ push }) => push !== undefined)) return "push";
  return trials.some(({ fanout }) => fanout !== undefined) ? "fanoutLast" : "roundTrip";
}

function answerOf(arm: ArmResult): string {
  const { trials, isTainted } = countedTrials(arm);
  const series = answeringSeries(trials);
  const p50 = medianOf(trials.map(({ latencyUs }) => latencyUs[series]?.p50)).median;
  const p99 = medianOf(trials.map(({ latencyUs }) => latencyUs[series]?.p99)).median;
  const throughput = medianOf(trials.map(({ throughputPerS }) => throughputPerS)).median;
  const held = Math.min(...trials.map(({ connections }) => connections.held));
  return [
    `${escapeControls(arm.name)}: ${seriesWords(series)} p50 ${formatUs(p50)}, p99 ${formatUs(p99)}`,
    ` at ${formatPerS(throughput)} messages a second over ${formatCount(held)} connections held`,
    ` (median of ${formatNumberOf(trials.length, "trial")}${isTainted ? ", all disqualified" : ""})`,
  ].join("");
}
