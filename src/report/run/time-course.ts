/** Each trial's latencies at the moment it ran: drift and bad patches of the machine, as figures alone. */
import type { RunDocument } from "../../results/run-document.js";
import type { TrialResult } from "../../results/trial-schema.js";
import type { SlicedSeries } from "../../scenario/metric.js";
import { decidingSeries } from "./deciding-series.js";
import { allTrials } from "./run-facts.js";

export interface CoursePoint {
  /** Seconds from the start of the run's first trial to that of this one. */
  readonly atS: number;
  /** Counts from 0. */
  readonly block: number;
  /** Microseconds, of the series that verdicts rest on; null where not measured. */
  readonly p50Us: number | null;
  readonly tailUs: number | null;
  readonly disqualified: boolean;
  /** Slices that stood out by the proxy's own doing, and by something else's. */
  readonly stalls: number;
  readonly stallsSetAside: number;
}

export interface CourseSeries {
  readonly arm: string;
  /** In the order they were run. */
  readonly points: readonly CoursePoint[];
}

export interface TimeCourse {
  readonly latency: SlicedSeries;
  /** What the tail is: of a typical slice, or where no trial has slices of the whole window. */
  readonly tail: "steadyP99" | "p99";
  /** In the order of the arms, those without trials left out. */
  readonly series: readonly CourseSeries[];
  /** Seconds from the first trial's start to the last one's. */
  readonly spanS: number;
  readonly blocks: number;
}

export function timeCourse(document: RunDocument): TimeCourse {
  const { arms } = document;
  const latency = decidingSeries(document);
  const hasSteady = allTrials(document).some(({ latencyUs }) => latencyUs[latency]?.steadyP99 != null);
  const tail = hasSteady ? "steadyP99" : "p99";
  const trials = arms.flatMap((arm) => arm.trials);
  const starts = trials.map(({ startedAt }) => Date.parse(startedAt));
  const first = Math.min(...starts);
  const series = arms
    .filter((arm) => arm.trials.length > 0)
    .map((arm) => ({
      arm: arm.name,
      points: arm.trials
        .map((trial) => ({ ...trial, own: ownStalls(trial) }))
        .map(({ startedAt, block, latencyUs, disqualified, own, stallsSetAside = 0 }) => ({
          atS: (Date.parse(startedAt) - first) / 1e3,
          block,
          p50Us: latencyUs[latency]?.p50 ?? null,
          tailUs: latencyUs[latency]?.[tail] ?? null,
          disqualified,
          stalls: own,
          stallsSetAside,
        }))
        .sort((a, b) => a.atS - b.atS),
    }));
  return {
    latency,
    tail,
    series,
    spanS: trials.length === 0 ? 0 : (Math.max(...starts) - first) / 1e3,
    blocks: new Set(trials.map(({ block }) => block)).size,
  };
}

/** How many slices of a trial stood out by the proxy's own doing. */
export function ownStalls({ slices, stallsPerS }: TrialResult): number {
  const told = slices?.p99Us.filter((value) => value !== null).length ?? 0;
  return Math.round((stallsPerS ?? 0) * (slices?.lengthS ?? 0) * told);
}
