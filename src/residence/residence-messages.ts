/** What is said between a run and the process that sees its packets. */
import type { ProxyPorts } from "./capture-filter.js";
import type { ConnectionTally } from "./relayed-connections.js";

/** What of a window's messages was seen on both sides of the proxy, in one direction. */
export interface DirectionFigures {
  /** That came to the proxy. */
  readonly came: number;
  /** Those of them that were seen to leave it. */
  readonly left: number;
  /** That left and were not seen to come, in the whole load. */
  readonly strays: number;
  /** From a message's last byte in to its last byte out, encoded; null where nothing was seen. */
  readonly histogram: string | null;
}

/** Of one load, from its beginning. */
export interface ResidenceFigures {
  readonly up: DirectionFigures;
  readonly down: DirectionFigures;
  readonly connections: ConnectionTally;
  readonly packets: number;
  /** Packets that the kernel had no room for. */
  readonly dropped: number;
  /** By how much the machine's clock, which the stamps are in, was set meanwhile. */
  readonly clockSetNs: number;
  /** Processor time of the process over the time that passed. */
  readonly busyShare: number;
}

export type ResidenceRequest =
  | { readonly kind: "open" }
  /** A new load: nothing is known of the one before. */
  | { readonly kind: "begin"; readonly ports: ProxyPorts }
  /** Which messages are measured, by when they come to the proxy; in the monotonic clock. */
  | { readonly kind: "window"; readonly fromNs: number; readonly toNs: number }
  /** The load is over. */
  | { readonly kind: "figures" };

export type ResidenceReply =
  | { readonly kind: "done" }
  | { readonly kind: "figures"; readonly figures: ResidenceFigures }
  | { readonly kind: "failed"; readonly message: string; readonly mayNot: boolean };
