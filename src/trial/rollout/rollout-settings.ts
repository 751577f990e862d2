/**
 * What a rollout is asked for, and what it tells as it goes.
 */
import type { CrewOrder } from "../../cluster/gather-crew.js";
import type { EngineName, ReconnectKind } from "../../load/messages.js";
import type { Scenario } from "../../scenario/scenario.js";
import type { Placement } from "../placement.js";
import type { PreparedArm } from "../prepare-arms.js";
import type { SeriesProgress } from "../series.js";
import type { TrafficObserver } from "../traffic.js";
import type { Stage } from "../with-stage.js";
import type { RolloutEvent } from "./rollout-event.js";
import type { RolloutRecord } from "./rollout-record.js";
import type { RolloutWeather } from "./rollout-weather.js";

export interface RolloutPlan {
  readonly event: RolloutEvent;
  /** The program that an upgrade goes over to; null for the one that runs. */
  readonly toBinary: string | null;
  readonly weather: RolloutWeather;
  /** How many clients stop reading, or die, as a share of the others. */
  readonly share: number;
  /** How often it happens, and how far apart, in seconds. */
  readonly times: number;
  readonly everyS: number;
  /** Load before the first event. */
  readonly beforeS: number;
  /** How long what does not come back, and who may still be cut, is waited for after the last event. */
  readonly patienceS: number;
  /** How clients come back; each policy is a run of its own. */
  readonly reconnect: readonly ReconnectKind[];
  readonly blocks: number;
  /** Messages a second for the whole arm. */
  readonly ratePerS: number;
  /** What `slow` counts from. */
  readonly slowAboveUs: number;
}

export interface RolloutObserver extends TrafficObserver {
  progress(progress: SeriesProgress): void;
  planned(plan: {
    readonly arms: readonly PreparedArm[];
    readonly placement: Placement;
    readonly engine: EngineName;
  }): Promise<void>;
  rolled(record: RolloutRecord): Promise<void>;
}

export interface RolloutSettings {
  readonly scenario: Scenario;
  readonly plan: RolloutPlan;
  readonly seed: number;
  readonly threads: number;
  /** Agents that make the load, or run the proxies; left out, or null: this machine does. */
  readonly agents?: CrewOrder | null;
  readonly observer: RolloutObserver;
  readonly signal: AbortSignal;
}

/** One arm's turn under one policy of its clients. */
export interface RolloutTurn extends RolloutSettings {
  readonly arm: PreparedArm;
  readonly stage: Stage;
  readonly block: number;
  readonly reconnect: ReconnectKind;
  /** Of the program that an upgrade goes over to; null for the same again. */
  readonly toVersion: string | null;
}
