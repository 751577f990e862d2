/** Trials made to order for the judge's tests: every value and every loss is chosen, nothing is measured. */
import { createPrng, type Prng } from "#wsrally/base/prng.js";
import { type DecisionPlan, defaultDecisionPlan } from "#wsrally/judge/series/decision-plan.js";
import type {
  SeriesJudged,
  SeriesJudgement,
  SeriesQuestion,
} from "#wsrally/judge/series/series-judgement.js";
import type { TrialOutcome } from "#wsrally/judge/trial-outcome.js";

/** Usable trials of two arms, `base` at 100 and `cand` at 100 · exp(log ratio), one block a ratio. */
export function trialsFromRatios(logRatios: readonly number[], metric = "p50"): TrialOutcome[] {
  return logRatios.flatMap((logRatio, block): TrialOutcome[] => [
    { block, arm: "base", usable: true, metrics: { [metric]: 100 } },
    { block, arm: "cand", usable: true, metrics: { [metric]: 100 * Math.exp(logRatio) } },
  ]);
}

/** Distinct log ratios around `centre`, spread evenly and symmetrically over ± `spread`, in a mixed order. */
export function spreadRatios(count: number, centre: number, spread: number): number[] {
  const prng = createPrng(7);
  return Array.from({ length: count }, (_, i) => ({
    value: centre + spread * ((2 * i + 1) / count - 1),
    key: prng.nextUint32(),
  }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}

export interface NoisyRun {
  readonly seed: number;
  readonly blocks: number;
  /** The true ratio minus 1 of every candidate in every metric. */
  readonly effect: number;
  readonly candidates: readonly string[];
  readonly metrics: readonly string[];
}

/** Log-normal noise of 4 % a trial on a machine that drifts from block to block. */
export function noisyTrials({ seed, blocks, effect, candidates, metrics }: NoisyRun): TrialOutcome[] {
  const prng = createPrng(seed);
  const arms = ["base", ...candidates];
  return Array.from({ length: blocks }, (_, block) => {
    const drift = 0.1 * Math.sin(block / 5);
    return arms.map((arm): TrialOutcome => {
      const centre = drift + (arm === "base" ? 0 : Math.log1p(effect));
      const values = metrics.map(
        (metric) => [metric, 100 * Math.exp(centre + 0.04 * nearlyNormal(prng))] as const,
      );
      return { block, arm, usable: true, metrics: Object.fromEntries(values) };
    });
  }).flat();
}

/** Twelve uniform numbers less their mean: variance 1, close enough to normal. */
function nearlyNormal(prng: Prng): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += prng.nextFloat();
  return sum;
}

/** The plan that these trials were made for. */
export const fourLooks: DecisionPlan = {
  ...defaultDecisionPlan,
  looks: [14, 24, 40, 60],
  fractions: [0.15, 0.15, 0.25, 0.45],
  fractionsEq: [0.15, 0.15, 0.25, 0.45],
};

/** A question about `base` against `cand` in p50 with four looks, still running, as a gate. */
export function question(
  outcomes: readonly TrialOutcome[],
  changes: Partial<SeriesQuestion> = {},
): SeriesQuestion {
  return {
    outcomes,
    baseline: "base",
    candidates: ["cand"],
    metrics: ["p50"],
    plan: fourLooks,
    mode: "gate",
    ended: false,
    ...changes,
  };
}

/** The judgement as a look's, or a failure. */
export function judged(judgement: SeriesJudgement): SeriesJudged {
  if (judgement.kind !== "judged") throw new Error(`Expected a look, found "${judgement.kind}"`);
  return judgement;
}

/** The trials with those of the named block changed; `arm` alone when given. */
export function changeBlock(
  outcomes: readonly TrialOutcome[],
  { block, arm }: { readonly block: number; readonly arm?: string },
  changes: Partial<TrialOutcome>,
): TrialOutcome[] {
  return outcomes.map((outcome) =>
    outcome.block === block && (arm === undefined || outcome.arm === arm)
      ? { ...outcome, ...changes }
      : outcome,
  );
}
