/**
 * What a series tells as it goes, and what its parts hand each other.
 */
import type { LiveFigures } from "../load/live-figures.js";
import type { EngineName } from "../load/messages.js";
import type { Placement } from "./placement.js";
import type { PreparedArm } from "./prepare-arms.js";
import type { RealTimeParts } from "./real-time.js";
import type { TrafficObserver } from "./traffic.js";
import type { TrialRecord } from "./trial-record.js";
import type { TrialPhase, TrialSettings } from "./trial-settings.js";

/** How one trial is loaded: `ratePerS` null in a closed loop. */
export type TrialLoad = Pick<TrialSettings, "ratePerS" | "warmupS" | "durationS">;

/** A load, and what it was settled from. */
export interface SettledLoad extends TrialLoad {
  /** What the group's baseline carried in a closed loop; null where nobody asked. */
  readonly saturatedPerS: number | null;
}

/** The settled loads, one for all arms of a group. */
export interface Calibration {
  loadOf(arm: PreparedArm): SettledLoad;
}

export type SeriesPhase = "prepare" | "calibrate" | "burn-in" | "soak" | "watch" | TrialPhase;

/** Everything that is fixed before the first block. */
interface SettledPlan {
  readonly arms: readonly PreparedArm[];
  readonly calibration: Calibration;
  /** At most so many. */
  readonly blocks: number;
  /** How long an arm's turn is where arms share their time in slots; null for blocks of whole trials. */
  readonly slotS: number | null;
  /** What the burn-in found against slots, which would have fitted; null where it found nothing. */
  readonly whyBlocks: string | null;
  readonly placement: Placement;
  /** Which parts have real-time priority. */
  readonly realTime: RealTimeParts;
  readonly engine: EngineName;
}

export interface SeriesProgress {
  readonly phase: SeriesPhase;
  /** Null before the first arm is under load. */
  readonly arm: PreparedArm | null;
  /** From 0; -1 before the first block. */
  readonly block: number;
  /** Null before the plan is made. */
  readonly blocks: number | null;
  readonly live: LiveFigures | null;
  readonly secondsLeft: number | null;
}

/** What a run tells as it goes, in this order. */
export interface SeriesObserver extends TrafficObserver {
  progress(progress: SeriesProgress): void;
  /** Every arm is prepared and answers; the loads are settled. */
  planned(plan: SettledPlan): Promise<void>;
  /** A trial has ended. */
  measured(record: TrialRecord): Promise<void>;
  /** A block is complete. @returns true to end the run here */
  isEnough(blocksDone: number): boolean;
}

/** When a trial runs: block -1 is discarded. */
export interface TrialPlace {
  readonly block: number;
  /** Which of the scenario's rounds it belongs to. */
  readonly round: number;
  /** Its turn within the block, from 0. */
  readonly position: number;
}

/** A trial that is not part of any block. */
export const outsideBlocks: TrialPlace = { block: -1, round: 0, position: 0 };

/** What a trial of an epoch has of its own: a generator beside those of the others. */
type EpochPart = Pick<TrialSettings, "pool" | "signal" | "shared">;

/** Runs one trial of an arm. */
export type TrialRunner = (
  arm: PreparedArm,
  load: TrialLoad,
  place: TrialPlace,
  progress: TrialSettings["progress"],
  epoch?: EpochPart,
) => Promise<TrialRecord>;
