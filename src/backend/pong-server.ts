/**
 * What a pong server is: answers the text `ping` with `pong`, echoes everything else, and counts what passes.
 */
import type { LatencyHistogram } from "../base/latency-histogram.js";
import type { RecordedTraffic } from "../scenario/replay/session.js";
import type { BackendCounts } from "./backend-counts.js";
import type { FaultPlan } from "./fault-plan.js";
import type { Posture } from "./posture.js";
import type { PushOrder } from "./push-order.js";

/** "epoll" costs a fraction of "ws", which serves everywhere and knows permessage-deflate. */
export type BackendEngine = "epoll" | "ws";

export interface PongServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** How many ports to listen on, counted up from `port` (1): each lets a proxy open as many connections again. */
  readonly ports?: number;
  /** Path that upgrades; null upgrades on every path, for proxies that change it on purpose. */
  readonly path: string | null;
  /** Ends each connection after one answer, without a close frame, as a naive handler does that just returns. */
  readonly once: boolean;
  /** Accepts permessage-deflate where the client offers it. */
  readonly deflate: boolean;
  /** "auto" takes epoll where it can serve what is asked. */
  readonly engine?: BackendEngine | "auto";
  /** Times every answer, from the kernel's receive stamp until it is written, for 0.4 µs a message; epoll only. */
  readonly stamps?: boolean;
  /** Who comes without it is answered all the same, and counted apart; who asks with it gets the counts. Null: for nobody. */
  readonly token?: string | null;
  /** Recorded sessions that connections may ask to be gone through. */
  readonly replay?: RecordedTraffic | null;
  /** Of the generators on the same clock, 16 hex digits: none but their messages get times. Left out: all do. */
  readonly pair?: string;
  /** Connections may join rooms, whose members get what one of them sends to it; epoll only. */
  readonly rooms?: boolean;
  /** What goes wrong on purpose; epoll only. */
  readonly faults?: FaultPlan;
}

/** Since the start. `events` a wait near 64 say that the server is behind with its work. */
export interface LoopFigures {
  readonly waits: number;
  readonly events: number;
}

export interface PongServer {
  readonly engine: BackendEngine;
  readonly host: string;
  /** The first of `ports`. */
  readonly port: number;
  readonly ports: readonly number[];
  counts(): BackendCounts;
  resetCounts(): void;
  /** How long the answers took since the start or the last reset; null unless they are timed. */
  answerTimes(): LatencyHistogram | null;
  /** Null where the loop is Node's. */
  loop(): LoopFigures | null;
  /** From now on; absent where it can only serve. @throws the system's error when it cannot listen again */
  readonly take?: (posture: Posture) => void;
  /** Sends unasked from now on, or no more (null); absent where it cannot. */
  readonly push?: (order: PushOrder | null) => void;
  close(): Promise<void>;
}

/** Connections that may wait to be accepted; the kernel takes no more than net.core.somaxconn. */
export const listenBacklog = 4096;

/** Largest message taken. */
export const messageBytesMax = 100 * 1024 * 1024;

/** Beyond this much that it has not taken a connection is not read from, so that a slow reader is slowed down itself. */
export const unsentBytesMax = 1024 * 1024;

/** The ports to listen on. */
export function portsOf({ port, ports = 1 }: PongServerOptions): readonly number[] {
  return Array.from({ length: ports }, (_, index) => (port === 0 ? 0 : port + index));
}
