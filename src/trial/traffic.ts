/**
 * What an arm is sent besides the trials that count: told apart, so that all that a server saw is accounted for.
 */

import type { AwaitedAgents } from "../cluster/call-roll.js";
import type { AgentStanding } from "../cluster/crew.js";
import type { LiveFigures } from "../load/live-figures.js";
import type { PreparedArm } from "./prepare-arms.js";
import type { Aside, Traffic } from "./traffic-record.js";
import type { TrialRecord } from "./trial-record.js";

export interface TrafficObserver {
  /** Something was sent that is part of no trial. */
  sentAside(arm: PreparedArm, aside: Aside, traffic: Traffic): void;
  /** Agents are not there yet, or at work for another run; null when they are found. Never told without agents. */
  awaits?(awaited: AwaitedAgents | null): void;
  /** How the agents stand: when they are found, when one is lost, and at the end. Never told without agents. */
  agents?(standings: readonly AgentStanding[]): void;
}

export function trafficOf({ counts, connections, failures }: TrialRecord): Traffic {
  const { requested, opened, failed, reopened = 0, failedTries = 0 } = connections;
  return {
    messages: { sent: counts.totalSent, received: counts.totalReceived },
    connections: { requested, opened: opened + reopened, failed: failed + failedTries },
    failures,
  };
}

/** Of a load that gave no report, for it was stopped. @param requested connections that it was to open */
export function trafficUntil({ sent, received, opened, failed }: LiveFigures, requested: number): Traffic {
  return { messages: { sent, received }, connections: { requested, opened, failed }, failures: [] };
}
