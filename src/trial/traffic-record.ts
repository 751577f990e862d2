/**
 * What an arm was sent besides the trials that count, as it is told.
 */
import type { AttributedFailure, ConnectionCounts } from "./trial-record.js";

/**
 * `preflight`: one connection and one message, to see whether the arm answers; `calibration`: trials that settle the load;
 * `burnIn`: one trial of each arm before the first block; `cutOff`: a trial that was stopped before its end.
 */
export type Aside = "preflight" | "calibration" | "burnIn" | "cutOff";

export interface Traffic {
  /** Of the whole time, warm-up included. */
  readonly messages: { readonly sent: number; readonly received: number };
  readonly connections: Omit<ConnectionCounts, "held" | "tcpOpened">;
  readonly failures: readonly AttributedFailure[];
}
