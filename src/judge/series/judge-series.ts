/**
 * The decision rule (docs/statistics.md, Levels, looks, verdict): a series of blocks becomes better, worse, equivalent
 * or inconclusive, and the word whether to go on. Pure: the same trials and plan give the same judgement on every machine.
 */
import { isByDifference } from "../../scenario/metric.js";
import { walshAverages } from "../../stats/walsh-averages.js";
import { type Reading, read } from "../reading.js";
import type { Comparison } from "./comparison.js";
import { decisionPlanFaults } from "./decision-plan.js";
import type { ComparisonSet } from "./family.js";
import { type FinishedBlock, finishedBlocks, isComplete, upToComplete } from "./finished-blocks.js";
import { judgeLook } from "./judge-look.js";
import { logRatios } from "./log-ratios.js";
import { looksWorse } from "./open-differences.js";
import { type Look, type LookShare, looksReached, wholeShare } from "./planned-looks.js";
import { halfWidth } from "./precision.js";
import type { SeriesJudged, SeriesJudgement, SeriesQuestion, SeriesWaiting } from "./series-judgement.js";

/**
 * Judges a series; to be asked after every block. The looks are taken anew in their order, each at its own first
 * blocks, and the first that decides is the answer: blocks beyond it are not used, so a stored run with more of
 * them is judged as it was when it stopped.
 *
 * @throws RangeError when the plan or the question is faulty, or an arm has two trials in a block
 */
export function judgeSeries(question: SeriesQuestion): SeriesJudgement {
  refuseFaults(question);
  const { outcomes, baseline, candidates, plan, ended } = question;
  const blocks = finishedBlocks(outcomes, [baseline, ...candidates]);
  const complete = blocks.filter(isComplete).length;
  for (const look of looksReached(plan, complete, ended)) {
    const judged = judgeAt(look, blocks, question);
    if (judged.stop || look.blocks === complete) return judged;
  }
  // Ended before any look was possible: every comparison says so, and still shows what it read.
  return ended ? judgeSeen(blocks, wholeShare, question) : readOn(blocks, question);
}

function refuseFaults({ baseline, candidates, metrics, plan }: SeriesQuestion): void {
  const faults = [...decisionPlanFaults(plan)];
  if (candidates.length === 0) faults.push("there must be a candidate");
  if (new Set([baseline, ...candidates]).size <= candidates.length)
    faults.push("arms must have different names");
  if (metrics.length === 0) faults.push("there must be a metric to judge");
  if (new Set(metrics).size < metrics.length) faults.push("metrics must be different");
  if (faults.length > 0) throw new RangeError(`Cannot judge the series: ${faults.join("; ")}`);
}

function judgeAt(look: Look, blocks: readonly FinishedBlock[], question: SeriesQuestion): SeriesJudged {
  const seen = look.planned ? upToComplete(blocks, look.blocks) : blocks;
  const judged = judgeSeen(seen, look.share, question);
  return { ...judged, look: look.index, stop: look.last || decides(judged.comparisons, question) };
}

function judgeSeen(seen: readonly FinishedBlock[], share: LookShare, question: SeriesQuestion): SeriesJudged {
  const { plan } = question;
  const { comparisons, readings } = judgeLook(seen, comparisonSet(question), { plan, share });
  return {
    kind: "judged",
    look: null,
    ...countBlocks(seen),
    familyLevel: plan.alpha * share.alpha,
    equivalenceLevel: plan.alphaEq * share.alphaEq,
    stop: true,
    reasons: [...new Set(comparisons.flatMap(({ reasons }) => reasons))],
    comparisons,
    readings,
  };
}

/** Between looks: everything is read, nothing is tested. */
function readOn(blocks: readonly FinishedBlock[], question: SeriesQuestion): SeriesWaiting {
  const { baseline, candidates, metrics, otherMetrics } = comparisonSet(question);
  const counts = countBlocks(blocks);
  const completeBlocks = blocks.filter(isComplete);
  const readings = candidates.flatMap((candidate) =>
    [...metrics, ...otherMetrics].map((metric): Reading => {
      const pairing = { baseline, candidate, metric };
      return read(pairing, walshAverages(logRatios(completeBlocks, pairing).differences));
    }),
  );
  const nextLook = question.plan.looks.find((look) => look > counts.blocks);
  if (nextLook === undefined)
    throw new RangeError("Cannot read on after the last look: it must have decided");
  return { kind: "waiting", stop: false, ...counts, nextLook, readings };
}

/**
 * What no block has a value of is left out: an arm of that kind never has one (a `direct` arm has no proxy to read), and by
 * the first look too many blocks lack it for any later verdict, so that waiting for it would use up the time for nothing.
 * Nor is waited for what can only be found worse, unless it looks so.
 */
function decides(comparisons: readonly Comparison[], { mode, precision = null }: SeriesQuestion): boolean {
  const measured = comparisons.filter(({ reasons }) => !reasons.includes("not-measured"));
  const ratios = measured.filter(({ metric }) => !isByDifference(metric));
  if (precision !== null) return ratios.every((comparison) => isWithin(comparison, precision));
  if (mode === "gate" && measured.some(({ verdict }) => verdict === "worse")) return true;
  const waitedFor = ratios.length === 0 ? measured : [...ratios, ...measured.filter(looksWorse)];
  return waitedFor.every(({ verdict }) => verdict !== "inconclusive");
}

/** A comparison that can have no interval is never precise: the time ends its run. */
function isWithin({ ratioCi95 }: Comparison, precision: number): boolean {
  const width = halfWidth({ ciLow: ratioCi95.low, ciHigh: ratioCi95.high });
  return width !== null && width <= precision;
}

function countBlocks(blocks: readonly FinishedBlock[]): {
  readonly blocks: number;
  readonly lostBlocks: number;
} {
  const complete = blocks.filter(isComplete).length;
  return { blocks: complete, lostBlocks: blocks.length - complete };
}

/** A metric both judged and asked for as an extra is judged, and listed once. */
function comparisonSet({ baseline, candidates, metrics, otherMetrics = [] }: SeriesQuestion): ComparisonSet {
  return {
    baseline,
    candidates,
    metrics,
    otherMetrics: otherMetrics.filter((metric) => !metrics.includes(metric)),
  };
}
