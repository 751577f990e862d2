/**
 * What drives a thread's connections. An engine knows sockets and frames and nothing of schedules, matching or
 * histograms, so every engine gives the same results and passes the same tests.
 */
import type { FailureKind } from "./failure.js";
import type { Target } from "./messages.js";

/** Phases of one connection's opening, in nanoseconds. */
export interface OpeningTimes {
  /** From the first SYN until TCP is connected. */
  readonly connectNs: number;
  /** From then until TLS is; null without TLS. */
  readonly tlsNs: number | null;
  /** From the request until the 101 was read. */
  readonly upgradeNs: number;
}

export interface ConnectionFault {
  readonly kind: FailureKind;
  /** Close code or HTTP status, where the kind has one. */
  readonly code: number | null;
  readonly detail: string;
}

/** What an engine tells its thread. A connection is a number from 0. */
export interface EngineEvents {
  opened(connection: number, times: OpeningTimes): void;
  /** The connection never opened. It is over. */
  failed(connection: number, fault: ConnectionFault): void;
  /** A whole message came; the bytes are good until the call returns. */
  message(connection: number, data: Buffer, isBinary: boolean): void;
  /** An open connection ended, asked for by `close` or not. It is over. */
  closed(connection: number, fault: ConnectionFault): void;
}

export interface EngineSettings {
  readonly target: Target;
  readonly handshakeTimeoutMs: number;
  readonly events: EngineEvents;
}

export interface Engine {
  /** Starts opening a connection; `opened` or `failed` follows. */
  open(connection: number): void;
  /**
   * Sends one message; the engine has copied the bytes when this returns.
   * @returns false when the connection no longer takes messages: nothing was sent
   */
  send(connection: number, data: Buffer, binary: boolean): boolean;
  /** Starts the closing handshake with code 1000; `closed` follows, unless `destroy` comes first. */
  close(connection: number): void;
  /** Drops whatever is still open at once, without events. */
  destroy(): void;
}
