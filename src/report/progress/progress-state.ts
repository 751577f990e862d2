/** Where a run stands, as its progress shows it. */
import type { ProgressPhase } from "../../results/progress-event.js";

export interface ProgressState {
  readonly phase: ProgressPhase;
  readonly arm: string;
  /** Counts from 0, as in the run document; below 0 before the first. */
  readonly block: number;
  /** Planned at most: a run stops when its verdict stands. Null before the plan is made. */
  readonly blocks: number | null;
  readonly opened: number;
  readonly connections: number;
  readonly ratePerS: number | null;
  readonly p50Us: number | null;
  readonly p99Us: number | null;
  readonly secondsLeft: number | null;
  /** The verdict so far, in words. */
  readonly headline: string | null;
}
