/**
 * What a capacity search tells as it goes, and what it asks.
 */
import type { ForetoldLimit } from "../../diagnosis/limit.js";
import type { EngineName } from "../../load/messages.js";
import type { Placement } from "../placement.js";
import type { PreparedArm } from "../prepare-arms.js";
import type { SeriesProgress } from "../series.js";
import type { TrafficObserver } from "../traffic.js";
import type { TrialRecord } from "../trial-record.js";
import type { CapacityStep, StepKind, StepVerdict } from "./capacity-step.js";
import type { StormRound } from "./storm.js";

/** An arm that answers, before any load. */
export interface CapacityArm {
  readonly arm: PreparedArm;
  readonly workers: number;
  readonly foretold: readonly ForetoldLimit[];
}

interface CapacityStart {
  readonly arms: readonly CapacityArm[];
  readonly placement: Placement;
  readonly engine: EngineName;
}

export interface CapacityObserver extends TrafficObserver {
  progress(progress: SeriesProgress): void;
  /** Once for the rates and once for the connections. */
  planned(start: CapacityStart): Promise<void>;
  /** Whether a step kept what it is held to. */
  judge(kind: StepKind, record: TrialRecord): StepVerdict;
  measured(step: CapacityStep): Promise<void>;
  /** One restart under open connections. */
  stormed(arm: PreparedArm, round: StormRound): Promise<void>;
  /** The time was over before the search was. */
  cutShort(): void;
}
