/**
 * What drives a thread's connections. An engine knows sockets and frames and nothing of schedules, matching or
 * histograms, so every engine gives the same results and passes the same tests.
 */

import type { Timers } from "../base/timers.js";
import type { FailureKind } from "./failure.js";
import type { Target } from "./messages.js";

/** Largest message taken from the other side: the largest that is sent, and room for a foreign answer. */
export const messageBytesMax = 16 * 1024 * 1024;

/** Phases of one connection's opening, in nanoseconds, and what came of them. */
export interface OpeningTimes {
  /** From the first SYN until TCP is connected; null where it was, for another WebSocket over HTTP/2. */
  readonly connectNs: number | null;
  /** From then until TLS is; null without TLS, or where it was. */
  readonly tlsNs: number | null;
  /** From the request until the 101 (over HTTP/2 the 200) was read. */
  readonly upgradeNs: number;
  /** What TLS agreed on; null without TLS, or where it was. */
  readonly tls: TlsAgreement | null;
}

/** What TLS agreed on. */
export interface TlsAgreement {
  /** `TLSv1.3` and the like. */
  readonly version: string;
  readonly cipher: string;
  readonly isResumed: boolean;
}

export interface ConnectionFault {
  readonly kind: FailureKind;
  /** Close code or HTTP status, where the kind has one. */
  readonly code: number | null;
  readonly detail: string;
  /** The start of the body that came with a refusal, where it was asked for. */
  readonly body?: string;
}

/** What an engine tells its thread. A connection is a number from 0. */
export interface EngineEvents {
  opened(connection: number, times: OpeningTimes): void;
  /** The connection never opened. It is over. */
  failed(connection: number, fault: ConnectionFault): void;
  /**
   * A whole message came, as the bytes [start, end) of `data`, good until the call returns.
   * @param stampNs when the kernel received it, on the shared monotonic clock; NaN where it was not told
   * @returns false when it is a text that is not UTF-8, which the engine then refuses as RFC 6455, 8.1, wants. Only who
   *   knows what was to come can tell for nothing: a reply that is byte for byte right needs no look at its UTF-8
   */
  message(
    connection: number,
    data: Buffer,
    start: number,
    end: number,
    isBinary: boolean,
    stampNs: number,
  ): boolean;
  /** A pong came. */
  pong(): void;
  /**
   * An open connection ended, asked for by `close` or not. It is over.
   * @param agoMs since when its end could have been read; 0 where the kernel does not tell
   */
  closed(connection: number, fault: ConnectionFault, agoMs: number): void;
}

export interface EngineSettings {
  readonly target: Target;
  /** The connections are numbered below this. */
  readonly connections: number;
  /** Addresses to connect from, in turn; empty for whichever the system takes. */
  readonly sources: readonly string[];
  readonly handshakeTimeoutMs: number;
  /** Largest message taken; `messageBytesMax` unless given. */
  readonly replyBytesMax?: number;
  /** Looks for events without ever sleeping: less lateness for a whole processor. */
  readonly busyPoll: boolean;
  readonly events: EngineEvents;
}

/** How an engine shares itself out, in and out of the measured load. */
export interface EngineTuning {
  /** How long it may keep the thread to itself, in nanoseconds. */
  readonly yieldEveryNs: number;
  /** Of how many reads one asks the kernel when it received: 1 for all, 0 for none. */
  readonly stampEvery: number;
}

export interface Engine {
  readonly timers: Timers;
  tune(tuning: EngineTuning): void;
  /** Starts opening a connection; `opened` or `failed` follows. */
  open(connection: number): void;
  /**
   * Sends one message; the engine has copied the bytes when this returns.
   * @returns false when the connection no longer takes messages: nothing was sent
   */
  send(connection: number, data: Buffer, binary: boolean): boolean;
  /** Sends a WebSocket ping; `pong` follows. */
  ping(connection: number): void;
  /** Starts the closing handshake with code 1000; `closed` follows, unless `destroy` comes first. */
  close(connection: number): void;
  /** Lets the thread's promises and messages have their turn soon. */
  yieldSoon(): void;
  /** Cuts an open connection at once, without a closing handshake; `closed` follows. */
  drop(connection: number): void;
  /** TCP connections made so far; absent where each WebSocket has its own. */
  tcpOpened?(): number;
  /** Drops whatever is still open at once, without events, and ends the engine. */
  destroy(): void;
}
