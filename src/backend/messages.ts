/**
 * What a run and its backend process say to each other over the process's channel. The run asks, the backend answers
 * in order; it ends by itself when the channel closes.
 */
import type { BackendCounts } from "./backend-counts.js";
import type { BackendEngine, LoopFigures, PongServerOptions } from "./pong-server.js";
import type { Posture } from "./posture.js";
import type { PushOrder } from "./push-order.js";

export type BackendRequest =
  | { readonly kind: "listen"; readonly options: PongServerOptions }
  /** Asks for a report. */
  | { readonly kind: "report" }
  /** Asks for a report once it is taken. */
  | { readonly kind: "take"; readonly posture: Posture }
  /** Asks for a report once it is begun, or (null) ended. */
  | { readonly kind: "push"; readonly order: PushOrder | null }
  /** Sets the counts to zero, and asks for a report. */
  | { readonly kind: "reset" };

export type BackendReply =
  | { readonly kind: "listening"; readonly server: ListeningServer }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "report"; readonly report: BackendReport };

export interface ListeningServer {
  readonly engine: BackendEngine;
  readonly host: string;
  readonly ports: readonly number[];
}

export interface BackendReport {
  /** Null before it listens. */
  readonly engine: BackendEngine | null;
  /** Null before it listens. */
  readonly counts: BackendCounts | null;
  /** Processor time of the process since its start, in nanoseconds. */
  readonly cpuNs: number;
  /** The longest that it stood still since the report before, in nanoseconds. */
  readonly standstillNs: number;
  /** When all this was read, on the shared monotonic clock. */
  readonly atNs: number;
  /** Null where the loop is Node's. */
  readonly loop: LoopFigures | null;
}
