/** One look: the family's evidence, corrected for being many, becomes verdicts. */
import { isByDifference } from "../../scenario/metric.js";
import { type HolmStep, holm } from "../../stats/holm.js";
import { blocksToSee, minimumDetectableEffect } from "../../stats/resolution.js";
import { walshAverages } from "../../stats/walsh-averages.js";
import { walshBounds } from "../../stats/walsh-bounds.js";
import { type Reading, read } from "../reading.js";
import type { Comparison, Direction, Verdict } from "./comparison.js";
import type { DecisionPlan } from "./decision-plan.js";
import { type Evidence, examinePairing } from "./examine-pairing.js";
import { type ComparisonSet, familyOf } from "./family.js";
import { type FinishedBlock, isComplete } from "./finished-blocks.js";
import { logRatios } from "./log-ratios.js";
import type { LookShare } from "./planned-looks.js";

/** A pairing that is shown without a verdict, and why if it was meant to have one. */
export interface UnjudgedReading extends Reading {
  readonly setAside: "offer-not-met" | null;
}

interface LookVerdicts {
  readonly comparisons: readonly Comparison[];
  readonly readings: readonly UnjudgedReading[];
}

/** The two Holm steps of one pairing. */
interface Steps {
  readonly worse: HolmStep;
  readonly better: HolmStep;
}

/**
 * @param blocks all blocks the look takes in, lost ones included
 * @param share for this look
 */
export function judgeLook(
  blocks: readonly FinishedBlock[],
  compared: ComparisonSet,
  { plan, share }: { readonly plan: DecisionPlan; readonly share: LookShare },
): LookVerdicts {
  const completeBlocks = blocks.filter(isComplete);
  const family = familyOf(completeBlocks, compared);
  const evidence = family.judged.map((pairing) => examinePairing(blocks, pairing, plan));
  const familyLevel = plan.alpha * share.alpha;
  const worse = correct(evidence, (item) => item.pWorse, { size: family.size, familyLevel });
  const better = correct(evidence, (item) => item.pBetter, { size: family.size, familyLevel });
  return {
    comparisons: evidence.map((item, index) => {
      const steps = { worse: worse[index] as HolmStep, better: better[index] as HolmStep };
      return conclude(item, steps, plan.alphaEq * share.alphaEq);
    }),
    readings: family.onlyRead.map((pairing) => ({
      ...read(pairing, walshAverages(logRatios(completeBlocks, pairing).differences)),
      setAside: family.setAside.includes(pairing) ? "offer-not-met" : null,
    })),
  };
}

/**
 * Holm over the family, in the order of `evidence`. Equal p-values step by arm name, then as listed. What may not
 * be judged enters with p = 1: it still takes its place, and a flawed small p cannot ease the levels of the rest.
 */
function correct(
  evidence: readonly Evidence[],
  pOf: (item: Evidence) => number,
  { size, familyLevel }: { readonly size: number; readonly familyLevel: number },
): readonly HolmStep[] {
  const byName = evidence
    .map((item, index) => ({ item, index }))
    .sort((a, b) => compareNames(a.item.pairing.candidate, b.item.pairing.candidate));
  const pValues = byName.map(({ item }) => (item.reasons.length > 0 ? 1 : pOf(item)));
  const padding = new Array<number>(size - pValues.length).fill(1);
  const steps = holm([...pValues, ...padding], familyLevel);
  const inOrder = new Array<HolmStep>(evidence.length);
  byName.forEach(({ index }, position) => {
    inOrder[index] = steps[position] as HolmStep;
  });
  return inOrder;
}

/** By code unit: a locale's order would differ between machines. */
function compareNames(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function conclude(evidence: Evidence, { worse, better }: Steps, equivalenceLevel: number): Comparison {
  const { pairing, averages, reasons, margin, threshold, pWorse, pBetter, pEquivalent } = evidence;
  const reading = read(pairing, averages);
  const isDifference = isByDifference(pairing.metric);
  // A difference that is real and small is no news: there is a stall now and then in any proxy.
  const isLarge = !isDifference || (reading.estimate ?? 0) >= margin;
  const direction = worse.rejected && isLarge ? "worse" : better.rejected ? "better" : null;
  const precision =
    reading.se === null || isDifference ? null : { se: reading.se, level: worse.level, threshold };
  return {
    ...reading,
    verdict: verdictOf({
      judgeable: reasons.length === 0,
      equivalent: pEquivalent <= equivalenceLevel,
      direction,
    }),
    reasons,
    direction,
    margin,
    pWorse,
    pBetter,
    pEquivalent,
    adjustedWorse: worse.adjusted,
    adjustedBetter: better.adjusted,
    levelWorse: worse.level,
    levelBetter: better.level,
    decision: walshBounds(averages, worse.level, better.level),
    equivalence: walshBounds(averages, equivalenceLevel, equivalenceLevel),
    mde80: precision && minimumDetectableEffect(precision),
    blocksToSeeMargin: precision && blocksToSee(margin, reading.n, precision),
  };
}

/** The order matters: a difference that is proven and proven to be within the margin is equivalent. */
function verdictOf(finding: {
  readonly judgeable: boolean;
  readonly equivalent: boolean;
  readonly direction: Direction | null;
}): Verdict {
  if (!finding.judgeable) return "inconclusive";
  return finding.equivalent ? "equivalent" : (finding.direction ?? "inconclusive");
}
