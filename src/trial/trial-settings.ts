/**
 * What one trial is asked for.
 */
import type { LaidLine } from "../line/line-process.js";
import type { GeneratorPool } from "../load/generator-pool.js";
import type { LiveFigures } from "../load/live-figures.js";
import type { EngineName } from "../load/messages.js";
import type { ResidenceWatch } from "../residence/residence-process.js";
import type { ArmSlots } from "./epoch/arm-slots.js";
import type { Meeting } from "./epoch/meeting.js";
import type { Patience } from "./patience.js";
import type { Placement } from "./placement.js";
import type { PreparedArm } from "./prepare-arms.js";
import type { Traffic } from "./traffic-record.js";

/** What makes trials one epoch: each has its load in its own slots of a time that they share. */
interface SharedTime {
  readonly slots: ArmSlots;
  readonly meeting: Meeting;
  /** Of its turn to open connections, from 0. */
  readonly turn: number;
}

export type TrialPhase = "connect" | "warm-up" | "measure" | "drain";

export interface TrialSettings {
  readonly arm: PreparedArm;
  readonly block: number;
  readonly round: number;
  readonly position: number;
  readonly pool: GeneratorPool;
  readonly engine: EngineName;
  readonly placement: Placement;
  /** Whether the generator has real-time priority under load; left out: it has not. */
  readonly realTime?: boolean;
  /** Between clients and proxy; null where there is none. */
  readonly line: LaidLine | null;
  /** Sees packets at the proxy; null, or left out, where nobody asks. */
  readonly residence?: ResidenceWatch | null;
  readonly seed: number;
  /** Null in a closed loop. */
  readonly ratePerS: number | null;
  readonly warmupS: number;
  readonly durationS: number;
  /** Whether a pause in fewer than half of the window's slices may be: nothing is asked that it would spoil. */
  readonly bearsPauses?: boolean;
  /** The usual one when left out. */
  readonly patience?: Patience;
  /** Left out: the time is its own, and so is the load of all of it. */
  readonly shared?: SharedTime;
  readonly signal: AbortSignal;
  readonly progress: (phase: TrialPhase, live: LiveFigures) => void;
  /** Told of what was sent, where the trial has no record. */
  readonly cutOff: (traffic: Traffic) => void;
}

/** What of a trial's settings its load needs. */
export type LoadWish = Omit<TrialSettings, "block" | "round" | "position" | "progress" | "cutOff">;
