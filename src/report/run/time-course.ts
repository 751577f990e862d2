/** Each trial's latencies at the moment it ran: drift and bad patches of the machine, as figures alone. */
import type { RunDocument } from "../../results/run-document.js";

export interface CoursePoint {
  /** Seconds from the start of the run's first trial to that of this one. */
  readonly atS: number;
  /** Counts from 0. */
  readonly block: number;
  /** Microseconds of the round trip; null where not measured. */
  readonly p50Us: number | null;
  readonly p99Us: number | null;
  readonly disqualified: boolean;
}

interface CourseSeries {
  readonly arm: string;
  /** In the order they were run. */
  readonly points: readonly CoursePoint[];
}

export interface TimeCourse {
  /** In the order of the arms, those without trials left out. */
  readonly series: readonly CourseSeries[];
  /** Seconds from the first trial's start to the last one's. */
  readonly spanS: number;
  readonly blocks: number;
}

export function timeCourse({ arms }: RunDocument): TimeCourse {
  const trials = arms.flatMap((arm) => arm.trials);
  const starts = trials.map(({ startedAt }) => Date.parse(startedAt));
  const first = Math.min(...starts);
  const series = arms
    .filter((arm) => arm.trials.length > 0)
    .map((arm) => ({
      arm: arm.name,
      points: arm.trials
        .map(({ startedAt, block, latencyUs: { roundTrip }, disqualified }) => ({
          atS: (Date.parse(startedAt) - first) / 1e3,
          block,
          p50Us: roundTrip.p50,
          p99Us: roundTrip.p99,
          disqualified,
        }))
        .sort((a, b) => a.atS - b.atS),
    }));
  return {
    series,
    spanS: trials.length === 0 ? 0 : (Math.max(...starts) - first) / 1e3,
    blocks: new Set(trials.map(({ block }) => block)).size,
  };
}
