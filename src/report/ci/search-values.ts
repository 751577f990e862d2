/**
 * Every number of a search, a soak or a rollout by name: a step, a window, a round of a storm or a bill each in the place of a trial. The
 * names are those of the run document.
 */
import type { ArmCapacity, CapacityStepResult } from "../../results/capacity-schema.js";
import type { RolloutComparison } from "../../results/rollout-comparison-schema.js";
import type { Rollout } from "../../results/rollout-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import type { Soak } from "../../results/soak-schema.js";
import type { Storm } from "../../results/storm-schema.js";
import { type NamedNumber, numbersOf, type TrialValue, trialValues, unitOf } from "./trial-values.js";

interface SearchValue extends TrialValue {
  readonly arm: string;
  /** Place among the arm's steps, windows or rounds. */
  readonly at: number;
  /** Empty where it is not known. */
  readonly startedAt: string;
  /** The step counts for nothing. */
  readonly isVoid: boolean;
  readonly because: readonly string[];
  /**
   * The step's kind; `window` of a soak; `opening`, `restart-at-once` or `restart-backoff` of a storm; `reload-at-once` and its like of a
   * rollout; `against nginx at-once` of a comparison of rollouts.
   */
  readonly step: string;
  /** `pass`, `fail` or `void`; of a rollout's comparison its verdict; empty where nothing is judged. */
  readonly outcome: string;
}

/** None for another run. */
export function searchRows({
  capacity,
  soak,
  rollouts = [],
  rolloutComparisons = [],
}: RunDocument): SearchValue[] {
  return [
    ...(capacity === undefined ? [] : [capacity, ...capacity.others].flatMap(armRows)),
    ...(soak === undefined ? [] : soakRows(soak)),
    ...rollouts.flatMap(rolloutRows),
    ...rolloutComparisons.flatMap(comparisonRows),
  ];
}

function armRows({ arm, steps, storm }: ArmCapacity): SearchValue[] {
  return [
    ...steps.flatMap((step, at) => stepRows(step, { arm, at })),
    ...(storm?.rounds ?? []).flatMap((round, at) => roundRows(round, { arm, at })),
  ];
}

type Place = Pick<SearchValue, "arm" | "at">;

function stepRows(step: CapacityStepResult, place: Place): SearchValue[] {
  const { kind, outcome, because, trial, ...numbers } = step;
  const isJudged = kind === "search" || kind === "connections";
  const facts = {
    ...place,
    startedAt: trial.startedAt,
    isVoid: outcome === "void",
    because,
    step: kind,
    outcome: isJudged ? outcome : "",
  };
  // What was asked of the step, by names that no number of its trial has.
  const asked = { asked: { ...numbers, inFlight: null, cpuUsPerHandshake: null } };
  const found = { inFlight: numbers.inFlight, cpuUsPerHandshake: numbers.cpuUsPerHandshake };
  return [...withUnits({ ...asked, ...found }), ...trialValues(trial)].map((value) => ({
    ...value,
    ...facts,
  }));
}

const unjudged = { startedAt: "", isVoid: false, because: [], outcome: "" } as const;

function roundRows({ opening, restart }: Storm["rounds"][number], place: Place): SearchValue[] {
  const parts = [
    { step: "opening", values: withTimes(opening) },
    { step: `restart-${restart.reconnect}`, values: withTimes(restart) },
  ];
  return parts.flatMap(({ step, values }) =>
    values.map((value) => ({ ...unjudged, ...place, ...value, step })),
  );
}

/** Percentiles of handshakes are microseconds, which their names do not say. */
function withTimes({ times, ...others }: { readonly times: unknown }): TrialValue[] {
  return [
    ...withUnits(others),
    ...numbersOf(times, "").map(({ metric, value }) => ({ metric, unit: "us", value })),
  ];
}

function soakRows({ arm, windowS, windows, voidWindows = [] }: Soak): SearchValue[] {
  const placeOf = ({ atS }: { readonly atS: number }): number => Math.round(atS / windowS);
  const counted = windows.flatMap((window) => windowRows(window, { arm, at: placeOf(window) }));
  // Of one that does not count, when it was is all that is known.
  const voided = voidWindows.flatMap(({ reason, ...when }) => {
    const facts = { arm, at: placeOf(when), startedAt: "", isVoid: true, because: [reason] };
    return withUnits(when).map((value) => ({ ...value, ...facts, step: "window", outcome: "void" }));
  });
  return [...counted, ...voided].sort((a, b) => a.at - b.at);
}

function windowRows(
  { failures, latencyUs, startedAt, ...numbers }: Soak["windows"][number],
  place: Place,
): SearchValue[] {
  const facts = { ...unjudged, ...place, startedAt, step: "window" };
  const latencies = numbersOf(latencyUs, "").map(({ metric, value }) => ({ metric, unit: "us", value }));
  const failed = failures.map(({ kind, count }) => ({
    metric: `failures.${kind}`,
    unit: "count",
    value: count,
  }));
  return [...latencies, ...withUnits(numbers), ...failed].map((value) => ({ ...value, ...facts }));
}

/** The bill by its names; what is in lists is not one number a time. */
function rolloutRows({ latencyUs, lost, traffic: _, ...rollout }: Rollout, at: number): SearchValue[] {
  const { arm, reconnect, event, ...numbers } = rollout;
  const facts = { ...unjudged, arm, at, step: `${event}-${reconnect}` };
  const latencies = numbersOf(latencyUs, "").map(({ metric, value }) => ({ metric, unit: "us", value }));
  const endings = lost.byEnding.map(({ kind, side, closeCode, count }) => ({
    metric: `lost.${kind}${closeCode === null ? "" : `-${closeCode}`}.${side}`,
    unit: "count",
    value: count,
  }));
  const all = { metric: "lost.count", unit: "count", value: lost.count };
  const bill = withUnits(numbers).filter(({ metric }) => metric !== "block");
  return [all, ...endings, ...bill, ...latencies].map((value) => ({ ...value, ...facts }));
}

/** The interval of candidate less baseline, and what was made of it; the verdict alone has no number. */
function comparisonRows(comparison: RolloutComparison, at: number): SearchValue[] {
  const { baseline, candidate, reconnect, metric, low, high, p, blocks, blocksNeeded, verdict } = comparison;
  const facts = {
    ...unjudged,
    ...{ arm: candidate, at, outcome: verdict, step: `against ${baseline} ${reconnect}` },
  };
  const unit = unitOf(metric);
  const counted = { blocks, blocksNeeded };
  return [
    ...Object.entries({ low, high }).map(([bound, value]) => ({
      metric: `${metric}.difference.${bound}`,
      unit,
      value,
    })),
    { metric: `${metric}.p`, unit: "share", value: p },
    ...Object.entries(counted).map(([name, value]) => ({
      metric: `${metric}.${name}`,
      unit: "count",
      value,
    })),
  ].flatMap(({ value, ...row }) => (value === null ? [] : [{ ...facts, ...row, value }]));
}

function withUnits(numbers: unknown): TrialValue[] {
  return numbersOf(numbers, "").map((one: NamedNumber) => ({ ...one, unit: unitOf(one.metric) }));
}
