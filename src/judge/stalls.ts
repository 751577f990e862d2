/**
 * Stalls: slices of a trial whose tail stands out from all of the run's, and those of them in which the machine stood still
 * and not the proxy (docs/statistics.md, Estimators).
 */
import type { ArmResult } from "../results/run-document.js";
import type { SlicesResult } from "../results/slices-schema.js";
import type { TrialResult } from "../results/trial-schema.js";
import { middleOf } from "../stats/middle-of.js";

/** Times the median slice's p99. */
const standsOut = 4;
/** A pause beside the proxy of half the tail accounts for it: who waits, waits half of a pause on average. */
const accountsFor = 0.5;

/**
 * The arms with the stalls of their trials counted. Arms of a group ran under the same load: their slices are pooled, so
 * that the line is the same for all of them, and does not move when two exchange their names.
 */
export function withStalls(arms: readonly ArmResult[]): ArmResult[] {
  const lines = new Map(arms.map(({ group }) => [group, lineOf(arms.filter((arm) => arm.group === group))]));
  return arms.map((arm) => {
    const aboveUs = lines.get(arm.group) ?? null;
    if (aboveUs === null) return arm;
    return {
      ...arm,
      stallsAboveUs: aboveUs,
      trials: arm.trials.map((trial) => ({ ...trial, ...stallsOf(trial, aboveUs) })),
    };
  });
}

/** Whether a slice is a stall, and whose. */
export function stallOf(slices: SlicesResult, index: number, aboveUs: number): "proxy" | "machine" | null {
  const p99Us = slices.p99Us[index] ?? null;
  if (p99Us === null || p99Us <= aboveUs) return null;
  const paused = [slices.generatorGapUs, slices.backendGapUs, slices.stolenUs].map(
    (gaps) => gaps[index] ?? 0,
  );
  return Math.max(...paused) >= accountsFor * p99Us ? "machine" : "proxy";
}

function lineOf(arms: readonly ArmResult[]): number | null {
  const trials = arms.flatMap((arm) => arm.trials);
  const sound = trials.filter(({ disqualified }) => !disqualified);
  // A run of which nothing counts is shown all the same.
  const tails = (sound.length > 0 ? sound : trials)
    .flatMap(({ slices }) => slices?.p99Us ?? [])
    .filter((value) => value !== null);
  const middle = middleOf(tails);
  return middle === null ? null : standsOut * middle;
}

function stallsOf(
  { slices }: TrialResult,
  aboveUs: number,
): Pick<TrialResult, "stallsPerS" | "stallsSetAside"> {
  const told = slices?.p99Us.filter((value) => value !== null).length ?? 0;
  if (slices == null || told === 0) return { stallsPerS: null };
  const found = slices.p99Us.map((_, index) => stallOf(slices, index, aboveUs));
  const count = (whose: "proxy" | "machine"): number => found.filter((one) => one === whose).length;
  return { stallsPerS: count("proxy") / (told * slices.lengthS), stallsSetAside: count("machine") };
}
