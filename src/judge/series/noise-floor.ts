/** An A/A run summed up: what this machine showed where there was nothing to show. */
import type { Comparison } from "../../results/comparison-schema.js";
import type { NoiseFloor } from "../../results/noise-floor-schema.js";
import type { ArmResult } from "../../results/run-document.js";

interface TwinRun {
  /** Names of the arm and of its twin. */
  readonly aa: { readonly arm: string; readonly again: string };
  readonly arms: readonly ArmResult[];
  readonly comparisons: readonly Comparison[];
}

export function noiseFloor({ aa, arms, comparisons }: TwinRun): NoiseFloor {
  const verdicts = { better: 0, worse: 0, equivalent: 0, inconclusive: 0 };
  for (const { verdict } of comparisons) verdicts[verdict]++;
  return {
    ...aa,
    seconds: secondsOf(arms),
    blocks: Math.max(0, ...comparisons.map(({ blocks }) => blocks)),
    verdicts,
    metrics: comparisons.map(({ metric, ratio, ciLow, ciHigh, smallestEffect }) => ({
      metric,
      ratio,
      ciLow,
      ciHigh,
      smallestEffect,
    })),
  };
}

/** From the first trial's start to the end of the last one's window. */
function secondsOf(arms: readonly ArmResult[]): number {
  const trials = arms.flatMap((arm) => arm.trials);
  if (trials.length === 0) return 0;
  const starts = trials.map(({ startedAt }) => Date.parse(startedAt) / 1000);
  const ends = trials.map(({ durationS, warmupS }, index) => (starts[index] ?? 0) + warmupS + durationS);
  return Math.round(Math.max(...ends) - Math.min(...starts));
}
