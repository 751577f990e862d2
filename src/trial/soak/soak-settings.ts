/**
 * What a soak is asked for, and what it tells as it goes.
 */
import type { CrewOrder } from "../../cluster/gather-crew.js";
import type { EngineName, ReconnectKind } from "../../load/messages.js";
import type { Scenario } from "../../scenario/scenario.js";
import type { Placement } from "../placement.js";
import type { PreparedArm } from "../prepare-arms.js";
import type { RolloutEvent } from "../rollout/rollout-event.js";
import type { SeriesProgress, SettledLoad } from "../series.js";
import type { TrafficObserver } from "../traffic.js";
import type { SoakEnding, SoakWindow, VoidWindow } from "./soak-window.js";

export interface SoakPlan {
  /** In seconds. */
  readonly forS: number;
  readonly windowS: number;
  /** How a lost connection is opened again. */
  readonly reconnect: ReconnectKind;
  /** What happens to the proxy meanwhile; null for nothing. */
  readonly repeated: RepeatedEvent | null;
}

/** Those after which the proxy that was started still leads: its windows are one course. */
export const soakEvents = ["reload", "reload-same", "kill-worker"] as const satisfies readonly RolloutEvent[];
type SoakEvent = (typeof soakEvents)[number];

export interface RepeatedEvent {
  readonly event: SoakEvent;
  /** From the beginning of the first window to the first of them, and from one to the next. */
  readonly everyS: number;
}

interface SoakStart {
  readonly arm: PreparedArm;
  readonly load: SettledLoad;
  readonly placement: Placement;
  readonly engine: EngineName;
}

/** What a soak tells as it goes, in this order. */
export interface SoakObserver extends TrafficObserver {
  progress(progress: SeriesProgress): void;
  planned(start: SoakStart): Promise<void>;
  window(window: SoakWindow): Promise<void>;
  /** In its place among the windows. */
  voided(window: VoidWindow): Promise<void>;
  /** @param atS from the beginning of the first window */
  happened(event: SoakEvent, atS: number): Promise<void>;
  /** However it ended, and before whatever ended it is thrown. */
  ended(ending: SoakEnding): Promise<void>;
}

export interface SoakSettings {
  /** Of one arm. */
  readonly scenario: Scenario;
  readonly plan: SoakPlan;
  readonly seed: number;
  readonly threads: number;
  /** Agents that make the load; left out, or null: this machine does. */
  readonly agents?: CrewOrder | null;
  readonly observer: SoakObserver;
  readonly signal: AbortSignal;
}
