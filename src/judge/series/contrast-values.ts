/**
 * What a contrast of a matrix comes to in a block: the weighted sum of its arms' logs. Arms that shared the block's time in slots are set
 * against each other cycle by cycle, as those of a comparison are (docs/statistics.md, Slots).
 */
import type { ArmResult } from "../../results/run-document.js";
import { leastSlices } from "../../scenario/messages-needed.js";
import type { MetricName } from "../../scenario/metric.js";
import { middleOf } from "../../stats/middle-of.js";
import { toOutcome } from "../trial-metrics.js";
import { comparedValue } from "../trial-outcome.js";
import type { Contrast } from "./contrasts.js";

/** ln of a trial's value. */
interface LogTrial {
  readonly round: number;
  readonly log: number;
  /** The same slot by slot, NaN for a slot without a value; none where there is nothing finer than the trial. */
  readonly cycles: readonly number[];
}

/** By arm and block; an arm has several trials in a block where it is in several rounds. */
export type LogValues = ReadonlyMap<string, ReadonlyMap<number, readonly LogTrial[]>>;

export function logValues(results: readonly ArmResult[], metric: MetricName): LogValues {
  return new Map(
    results.map(({ name, trials }) => {
      const byBlock = new Map<number, LogTrial[]>();
      for (const trial of trials) {
        const outcome = toOutcome(name, trial, [metric]);
        const value = outcome.usable ? comparedValue(outcome, metric) : null;
        if (value === null) continue;
        const cycles = (outcome.slots?.[metric] ?? []).map((slot) => Math.log(slot ?? Number.NaN));
        const told = { round: trial.round ?? 0, log: Math.log(value), cycles };
        byBlock.set(trial.block, [...(byBlock.get(trial.block) ?? []), told]);
      }
      return [name, byBlock];
    }),
  );
}

/** The contrast of every block in which all its cells have a value, in block order. */
export function blockValues({ terms }: Pick<Contrast, "terms">, values: LogValues): number[] {
  const [first] = terms;
  const blocks = [...(values.get(first?.arm ?? "")?.keys() ?? [])].sort((a, b) => a - b);
  return blocks.flatMap((block) => {
    const told = terms.flatMap(({ arm, weight }) => {
      const trials = values.get(arm)?.get(block);
      return trials === undefined ? [] : [{ weight, trials }];
    });
    if (told.length < terms.length) return [];
    return [inCycles(told) ?? sumOf(told.map(({ weight, trials }) => weight * meanLog(trials)))];
  });
}

interface Term {
  readonly weight: number;
  readonly trials: readonly LogTrial[];
}

/**
 * Of arms that lie side by side, the median over cycles; of several rounds that each weigh nothing by themselves the sum.
 * @returns null where an arm is in several rounds, or the arms of a round do not make up a contrast of their own
 */
function inCycles(terms: readonly Term[]): number | null {
  const rounds = new Map<number, { readonly weight: number; readonly cycles: readonly number[] }[]>();
  for (const { weight, trials } of terms) {
    const [only, ...others] = trials;
    if (only === undefined || others.length > 0) return null;
    rounds.set(only.round, [...(rounds.get(only.round) ?? []), { weight, cycles: only.cycles }]);
  }
  const parts = [...rounds.values()].map((arms) => {
    if (Math.abs(sumOf(arms.map(({ weight }) => weight))) > 1e-9) return null;
    const sums = (arms[0]?.cycles ?? [])
      .map((_, cycle) => sumOf(arms.map(({ weight, cycles }) => weight * (cycles[cycle] ?? Number.NaN))))
      .filter(Number.isFinite);
    return sums.length < leastSlices ? null : middleOf(sums);
  });
  return parts.some((part) => part === null) ? null : sumOf(parts.map((part) => part ?? 0));
}

function meanLog(trials: readonly LogTrial[]): number {
  return sumOf(trials.map(({ log }) => log)) / trials.length;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
