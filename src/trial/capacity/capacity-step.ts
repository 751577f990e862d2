/**
 * One step of a capacity search: a trial at a load, and what came of it.
 */
import type { TrialRecord } from "../trial-record.js";
import type { StepOutcome } from "./rate-search.js";

export const stepKinds = ["closed-loop", "search", "sweep", "connections", "payload", "memory"] as const;

/**
 * `closed-loop` calibrates; `search` looks for the rate's edge; `sweep` fills the latency curve; `connections` looks
 * for how many can be held; `payload` and `memory` are for the costs.
 */
export type StepKind = (typeof stepKinds)[number];

export interface StepVerdict {
  /** `void`: the generator was not fit, so the step says nothing of the proxy. */
  readonly outcome: StepOutcome;
  /** Why it is not a pass, in words; empty for a pass. */
  readonly because: readonly string[];
}

export interface CapacityStep extends StepVerdict {
  readonly kind: StepKind;
  readonly arm: string;
  readonly connections: number;
  /** Offered; null in a closed loop. */
  readonly ratePerS: number | null;
  /** Null for the text `ping`. */
  readonly payloadBytes: number | null;
  /** The proxy's processor time from its start to the last handshake, a connection; null where not told apart. */
  readonly cpuUsPerHandshake: number | null;
  readonly record: TrialRecord;
}

export const searchKinds = ["rate", "connections", "both"] as const;
