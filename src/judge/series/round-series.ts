/** What is judged together: a baseline and the candidates that ran beside it, with their trials. */
import type { ArmResult } from "../../results/run-document.js";
import type { MetricName } from "../../scenario/metric.js";
import type { Scenario } from "../../scenario/scenario.js";
import { toOutcome } from "../trial-metrics.js";
import type { TrialOutcome } from "../trial-outcome.js";

/** A baseline and the candidates of one round. */
export interface RoundSeries {
  readonly round: number;
  readonly baseline: string;
  readonly candidates: readonly string[];
}

export function seriesOf({ pairs, rounds }: Scenario): RoundSeries[] {
  return rounds.flatMap((names, round) => {
    const inRound = pairs.filter(
      ({ baseline, candidate }) => names[0] === baseline && names.includes(candidate),
    );
    const [first] = inRound;
    return first === undefined
      ? []
      : [{ round, baseline: first.baseline, candidates: inRound.map(({ candidate }) => candidate) }];
  });
}

/** A baseline with candidates in several rounds has a trial in each; only those of this one stand beside these. */
export function outcomesOf(
  { round, baseline, candidates }: RoundSeries,
  arms: readonly ArmResult[],
  metrics: readonly MetricName[],
): TrialOutcome[] {
  const names = [baseline, ...candidates];
  return arms
    .filter(({ name }) => names.includes(name))
    .flatMap(({ name, trials }) =>
      trials
        .filter((trial) => (trial.round ?? round) === round)
        .map((trial) => toOutcome(name, trial, metrics)),
    );
}
