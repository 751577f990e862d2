/**
 * How unquiet the machine was while a gate measured, in numbers that a reader of an inconclusive gate can act on.
 */
import type { GateNoise } from "../../results/gate-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import { isByDifference } from "../../scenario/metric.js";
import { toOutcome } from "../trial-metrics.js";

/** Null when nothing was measured. */
export function gateNoise({ arms, comparisons, scenario }: RunDocument): GateNoise | null {
  const trials = arms.flatMap((arm) => arm.trials);
  if (trials.length === 0) return null;
  const steal = trials.map(({ generator }) => generator.stealShare ?? null);
  const other = trials.map(({ generator }) => generator.otherShare ?? null);
  const baselines = new Set(scenario.pairs.map(({ baseline }) => baseline));
  const measured = arms.filter(({ name }) => baselines.size === 0 || baselines.has(name));
  const spreads = scenario.metrics.flatMap((metric): [string, number][] => {
    if (isByDifference(metric)) return [];
    const widest = measured.flatMap(({ name, trials: own }) => {
      const values = own
        .filter(({ disqualified }) => !disqualified)
        .flatMap((trial) => toOutcome(name, trial, [metric]).metrics[metric] ?? []);
      return spreadOf(values) ?? [];
    });
    return widest.length === 0 ? [] : [[metric, Math.max(...widest)]];
  });
  const effects = scenario.metrics.flatMap((metric): [string, number][] => {
    const known = comparisons.flatMap((one) => (one.metric === metric ? (one.smallestEffect ?? []) : []));
    return known.length === 0 ? [] : [[metric, Math.max(...known)]];
  });
  return {
    stealShareP50: quantileOf(steal, 0.5),
    stealShareMax: quantileOf(steal, 1),
    otherShareP50: quantileOf(other, 0.5),
    otherShareMax: quantileOf(other, 1),
    spread: Object.fromEntries(spreads),
    trials: trials.length,
    trialsOut: trials.filter(({ disqualified }) => disqualified).length,
    smallestEffect: Object.fromEntries(effects),
  };
}

/** Half the distance of the quartiles over the median; null with fewer than 4 values. */
function spreadOf(values: readonly number[]): number | null {
  if (values.length < 4) return null;
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantileOf(values, share) ?? 0);
  return middle === undefined || middle === 0 ? null : ((high ?? 0) - (low ?? 0)) / 2 / middle;
}

/** Nearest rank of what was measured. */
function quantileOf(values: readonly (number | null)[], share: number): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
