/**
 * What an arm is sent besides the trials that count: told apart, so that all that a server saw is accounted for.
 */
import type { LiveFigures } from "../load/live-figures.js";
import type { PreparedArm } from "./prepare-arms.js";
import type { AttributedFailure, ConnectionCounts, TrialRecord } from "./trial-record.js";

/**
 * `preflight`: one connection and one message, to see whether the arm answers; `calibration`: trials that settle the load;
 * `burnIn`: one trial of each arm before the first block; `cutOff`: a trial that was stopped before its end.
 */
export type Aside = "preflight" | "calibration" | "burnIn" | "cutOff";

export interface Traffic {
  /** Of the whole time, warm-up included. */
  readonly messages: { readonly sent: number; readonly received: number };
  readonly connections: Omit<ConnectionCounts, "held">;
  readonly failures: readonly AttributedFailure[];
}

export interface TrafficObserver {
  /** Something was sent that is part of no trial. */
  sentAside(arm: PreparedArm, aside: Aside, traffic: Traffic): void;
}

export function trafficOf({ counts, connections, failures }: TrialRecord): Traffic {
  const { requested, opened, failed } = connections;
  return {
    messages: { sent: counts.totalSent, received: counts.totalReceived },
    connections: { requested, opened, failed },
    failures,
  };
}

/** Of a load that gave no report, for it was stopped. @param requested connections that it was to open */
export function trafficUntil({ sent, received, opened, failed }: LiveFigures, requested: number): Traffic {
  return { messages: { sent, received }, connections: { requested, opened, failed }, failures: [] };
}
