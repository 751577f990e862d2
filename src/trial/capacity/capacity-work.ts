/**
 * What a whole search is asked for, and what its parts share.
 */
import type { CrewOrder } from "../../cluster/gather-crew.js";
import type { Scenario } from "../../scenario/scenario.js";
import type { CapacityArm, CapacityObserver } from "./capacity-observer.js";
import type { searchKinds } from "./capacity-step.js";
import type { StepRunner } from "./step-runner.js";

export interface CapacitySettings {
  readonly scenario: Scenario;
  readonly by: (typeof searchKinds)[number];
  /** How long connections are held in each step of their search, in seconds. */
  readonly holdS: number;
  /** Connections that are tried at most. */
  readonly mostConnections: number;
  readonly costs: boolean;
  /** Measure the opening rate, and restart the proxy under open connections. */
  readonly storm: boolean;
  /** The highest quantile that the SLO asks for; null for none. */
  readonly quantile: number | null;
  /** The strictest latency that it allows; null for none. */
  readonly latencyLimitS: number | null;
  /** Null: as long as it takes. */
  readonly maxSeconds: number | null;
  readonly seed: number;
  readonly threads: number;
  /** Agents that make the load; left out, or null: this machine does. */
  readonly agents?: CrewOrder | null;
  readonly observer: CapacityObserver;
  readonly signal: AbortSignal;
}

/** What the parts of a search share. */
export interface CapacityWork {
  readonly settings: CapacitySettings;
  readonly arms: readonly CapacityArm[];
  readonly run: StepRunner;
  /** Whether there is time for another step; tells the observer once there is not. */
  readonly hasTime: () => boolean;
}
