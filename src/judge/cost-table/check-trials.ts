/**
 * Whether the trials of a run say what its histograms hold, and their costs agree among themselves: who changes a figure in
 * the document alone is found out.
 */
import type { LoggedInterval } from "../../results/read-run.js";
import type { RunDocument } from "../../results/run-document.js";
import type { LatencySummary, TrialResult } from "../../results/trial-schema.js";

export interface TrialsCheck {
  readonly trials: number;
  /** Values in the histograms that were looked at. */
  readonly values: number;
  /** A sentence each. */
  readonly faults: readonly string[];
}

/** The reader has the middle or the end of a bucket where the writer had the value: three digits are kept. */
const tolerance = 0.002;
/** Of sums that are taken over slightly different times. */
const costTolerance = 0.02;

/** @param intervals by arm, in the order of its trials */
export function checkTrials(
  { runId, arms }: RunDocument,
  intervals: ReadonlyMap<string, readonly LoggedInterval[]>,
): TrialsCheck {
  const faults: string[] = [];
  let trials = 0;
  let values = 0;
  for (const arm of arms) {
    const logged = intervals.get(arm.name) ?? [];
    const recorded = arm.trials.filter(({ latencyUs }) => summariesOf(latencyUs).length > 0);
    trials += arm.trials.length;
    const of = `${runId}, ${arm.name}`;
    if (logged.length !== recorded.length) {
      faults.push(`${of}: ${recorded.length} trials in the document, and ${logged.length} in its histograms`);
      continue;
    }
    for (const [index, trial] of recorded.entries()) {
      const where = `${of}, block ${trial.block}`;
      const interval = logged[index] ?? new Map();
      values += [...interval.values()].reduce((sum, { count }) => sum + count, 0);
      faults.push(
        ...[...latencyFaults(trial, interval), ...costFaults(trial)].map((what) => `${where}: ${what}`),
      );
    }
  }
  return { trials, values, faults };
}

function summariesOf(latencyUs: TrialResult["latencyUs"]): [string, LatencySummary][] {
  return Object.entries(latencyUs).flatMap(([series, summary]): [string, LatencySummary][] =>
    summary === undefined || summary.count === 0 ? [] : [[series, summary]],
  );
}

function latencyFaults({ latencyUs }: TrialResult, interval: LoggedInterval): string[] {
  return summariesOf(latencyUs).flatMap(([series, summary]) => {
    const histogram = interval.get(series);
    if (histogram === undefined) return [`${series} has no histogram`];
    const held = {
      count: histogram.count,
      p50: usOf(histogram.quantile(0.5)),
      p90: usOf(histogram.quantile(0.9)),
      p99: usOf(histogram.quantile(0.99)),
      p999: usOf(histogram.quantile(0.999)),
      mean: usOf(histogram.mean()),
      max: usOf(histogram.max()),
    };
    const keys = Object.keys(held) as (keyof typeof held)[];
    return keys
      .filter((key) => !isNear(summary[key], held[key], key === "count" ? 0 : tolerance))
      .map((key) => `${series}.${key} is ${summary[key]} in the document, and ${held[key]} by its histogram`);
  });
}

function usOf(valueNs: number | null): number | null {
  return valueNs === null ? null : valueNs / 1e3;
}

function isNear(first: number | null, second: number | null, share: number): boolean {
  if (first === null || second === null) return first === second;
  return Math.abs(first - second) <= share * Math.max(first, second);
}

/**
 * Messages of the window at their cost are the processor time that was used in it, or more: the counters are read around
 * the window, and where the machine was late for the second reading, the share is of a longer time.
 */
function costFaults({ proxyCost, throughputPerS }: TrialResult): string[] {
  const { cpuUsPerMessage = null, cpuShare = null } = proxyCost ?? {};
  if (proxyCost === null || cpuUsPerMessage === null || cpuShare === null) return [];
  const { userCpuUsPerMessage: user = null, systemCpuUsPerMessage: system = null } = proxyCost;
  const used = (cpuUsPerMessage * throughputPerS) / 1e6;
  const faults: string[] = [];
  if (used < cpuShare * (1 - costTolerance)) {
    const comesTo = `${cpuUsPerMessage} at ${throughputPerS} messages/s comes to ${used} of a processor`;
    faults.push(`cpuUsPerMessage ${comesTo}, and cpuShare is ${cpuShare}`);
  }
  if (user !== null && system !== null && !isNear(user + system, cpuUsPerMessage, costTolerance))
    faults.push(`cpuUsPerMessage is ${cpuUsPerMessage}, and its parts come to ${user + system}`);
  return faults;
}
