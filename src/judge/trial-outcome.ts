/** What a verdict rests on, trial by trial. */
import { isByDifference } from "../scenario/metric.js";

/** What the verdict needs of one trial: whether it counts, and one number for each metric. */
export interface TrialOutcome {
  /** The block it was run in, counted from 0. */
  readonly block: number;
  readonly arm: string;
  /** False when the proxy failed to start, the generator was unhealthy or connections broke. Never for a value. */
  readonly usable: boolean;
  /** By metric: the trial's value, null or absent where it was not measured. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /**
   * By metric: its value slot by slot, where the arms of a block shared its time; null where a slot tells none. The nth of all
   * arms lie beside each other. Absent where there is nothing finer than the trial.
   */
  readonly slots?: Readonly<Record<string, readonly (number | null)[]>>;
  /** By metric: what the arms of a block are compared by, where that is another number than the trial's value. */
  readonly compared?: Readonly<Record<string, number>>;
  /** When paced: the rate offered, in messages a second. Absent or null in a closed loop. */
  readonly offeredPerS?: number | null;
}

/** Messages a second that came back; the metric that answers for an arm which cannot carry the offer. */
export const throughputMetric = "throughputPerS";

/**
 * A trial's value of a metric, or null where there is none to compare: not measured, not finite, or, where the comparison
 * is by a ratio, not above 0 (CPU time below the tick of its clock reads as 0 and has no logarithm).
 */
export function metricValue(trial: TrialOutcome | undefined, metric: string): number | null {
  const value = trial?.metrics[metric];
  if (typeof value !== "number" || !Number.isFinite(value)) return null;
  return value > 0 || (isByDifference(metric) && value === 0) ? value : null;
}

/** What the arms of a block are compared by: the trial's value, as a rule. */
export function comparedValue(trial: TrialOutcome | undefined, metric: string): number | null {
  const value = metricValue(trial, metric);
  return value === null ? null : (trial?.compared?.[metric] ?? value);
}
