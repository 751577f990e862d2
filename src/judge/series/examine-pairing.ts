/**
 * One pairing's evidence at a look, before any correction: ratios, p-values, and what forbids a verdict. The
 * levels come later, for they hang on the whole family.
 */
import { isByDifference } from "../../scenario/metric.js";
import { type SignedRankTest, signedRankTest } from "../../stats/signed-rank-test.js";
import { type WalshAverages, walshAverages } from "../../stats/walsh-averages.js";
import type { InconclusiveReason } from "./comparison.js";
import { type DecisionPlan, marginOf } from "./decision-plan.js";
import { type FinishedBlock, isComplete } from "./finished-blocks.js";
import { type LogRatios, logRatios, type Pairing } from "./log-ratios.js";
import { areTooMany, lostBlocksTally } from "./losses.js";

export interface Evidence {
  readonly pairing: Pairing;
  readonly averages: WalshAverages;
  readonly reasons: readonly InconclusiveReason[];
  readonly margin: number;
  /** The log ratio, or difference, that a worse candidate must exceed: 0, or the margin's under `exceeds`. */
  readonly threshold: number;
  readonly pWorse: number;
  readonly pBetter: number;
  readonly pEquivalent: number;
}

/** @param blocks all blocks the look takes in, lost ones included */
export function examinePairing(
  blocks: readonly FinishedBlock[],
  pairing: Pairing,
  plan: DecisionPlan,
): Evidence {
  const ratios = logRatios(blocks.filter(isComplete), pairing);
  const margin = marginOf(plan, pairing.metric);
  const limit = isByDifference(pairing.metric) ? margin : Math.log1p(margin);
  const againstNothing = signedRankTest(ratios.differences, 0);
  const aboveMargin = signedRankTest(ratios.differences, limit);
  const belowMargin = signedRankTest(ratios.differences, -limit);
  return {
    pairing,
    averages: walshAverages(ratios.differences),
    reasons: reasonsAgainst(blocks, pairing, ratios, plan),
    margin,
    threshold: plan.worseRule === "exceeds" ? limit : 0,
    pWorse: (plan.worseRule === "exceeds" ? aboveMargin : againstNothing).pGreater,
    // What is compared by its difference is found worse or not: it keeps its place among the others.
    pBetter: isByDifference(pairing.metric) ? 1 : againstNothing.pLess,
    pEquivalent: equivalenceP(aboveMargin, belowMargin),
  };
}

/** Two one-sided tests (Schuirmann 1987): both must reject, so the greater p is the p of both. */
function equivalenceP(aboveMargin: SignedRankTest, belowMargin: SignedRankTest): number {
  return Math.max(aboveMargin.pLess, belowMargin.pGreater);
}

function reasonsAgainst(
  blocks: readonly FinishedBlock[],
  pairing: Pairing,
  { differences, missing }: LogRatios,
  { minBlocks }: DecisionPlan,
): readonly InconclusiveReason[] {
  const reasons: InconclusiveReason[] = [];
  const neverMeasured = differences.length === 0 && missing.blocks > 0;
  if (!neverMeasured && differences.length < minBlocks) reasons.push("too-few-blocks");
  if (areTooMany(lostBlocksTally(blocks, pairing))) reasons.push("lost-trials");
  if (neverMeasured) reasons.push("not-measured");
  else if (areTooMany(missing)) reasons.push("missing-values");
  return reasons;
}
