/**
 * What a run and its backend process say to each other over the process's channel. The run asks, the backend answers
 * in order; it ends by itself when the channel closes.
 */
import type { BackendCounts, PongServerOptions } from "./pong-server.js";

export type BackendRequest =
  | { readonly kind: "listen"; readonly options: PongServerOptions }
  /** Asks for a report. */
  | { readonly kind: "report" }
  /** Sets the counts to zero, and asks for a report. */
  | { readonly kind: "reset" };

export type BackendReply =
  | { readonly kind: "listening"; readonly host: string; readonly port: number }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "report"; readonly report: BackendReport };

export interface BackendReport {
  /** Null before it listens. */
  readonly counts: BackendCounts | null;
  /** Processor time of the process since its start, in nanoseconds. */
  readonly cpuNs: number;
}
