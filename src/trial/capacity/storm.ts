/**
 * How fast connections are opened through an arm, and how they come back when the proxy is restarted under them: all are
 * lost in one instant, and each client connects again by itself.
 */
import type { FailureKind } from "../../load/failure.js";
import type { ReconnectKind } from "../../load/messages.js";
import type { Traffic } from "../traffic-record.js";

/** Of handshakes, in microseconds; null where too few, or none of the kind. */
export interface HandshakeTimes {
  readonly connect: { readonly p50: number | null; readonly p99: number | null };
  readonly tls: { readonly p50: number | null; readonly p99: number | null } | null;
  readonly upgrade: { readonly p50: number | null; readonly p99: number | null };
}

interface StormOpening {
  readonly opened: number;
  /** Opened and upgraded a second, the bounded number of handshakes at once going on all the time. */
  readonly perS: number | null;
  readonly times: HandshakeTimes;
  /** Of the proxy, all its processes. */
  readonly cpuUsPerHandshake: number | null;
}

export interface StormRestart {
  readonly reconnect: ReconnectKind;
  /** Lost by the restart. */
  readonly lost: number;
  /** From the old proxy's end until the new one accepted connections. */
  readonly downMs: number;
  /** From then until so large a share was open again; null when it did not come to that in time. */
  readonly backMs: {
    readonly half: number | null;
    readonly p90: number | null;
    readonly p99: number | null;
    readonly all: number | null;
  };
  /** Tries that failed on the way. */
  readonly failedTries: number;
  readonly failures: readonly { readonly kind: FailureKind; readonly count: number }[];
  /** Most connections that were seen waiting to be accepted; null where the system does not tell. */
  readonly backlogPeak: number | null;
  readonly times: HandshakeTimes;
}

export interface StormRound {
  readonly opening: StormOpening;
  readonly restart: StormRestart;
  /** Of the whole round: all messages, and every time that a connection was opened or could not be. */
  readonly traffic: {
    readonly messages: Traffic["messages"];
    readonly connections: { readonly opened: number; readonly failed: number };
  };
}
