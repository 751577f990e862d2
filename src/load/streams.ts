/**
 * The byte streams under an engine's WebSockets, TCP as it is or with TLS in it: what differs between ws and wss.
 */
import type { PinnedBuffer } from "../linux/pinned-buffer.js";
import type { ConnectionFault, TlsAgreement } from "./engine.js";

/** What else than bytes comes of a call. */
export const streamOutcomes = {
  /** The stream's end. */
  ended: 0,
  /** Nothing more now: call again when the socket is readable (or, for `send`, writable). */
  again: -1,
  /** It is broken: `faultOf` says how. */
  failed: -2,
} as const;

/** How far a stream's own handshake has come. */
export type StreamReadiness = "ready" | "want-read" | "want-write" | "failed";

export interface Streams {
  /** What `receive` read is at its beginning, until the next call. */
  readonly buffer: Buffer;
  /** When the kernel received what was last read, on the shared monotonic clock; NaN where it was not asked. */
  readonly stampNs: number;
  /** How many reads share one stamp: 1 stamps all, 0 none. */
  stampEvery: number;
  /** A socket has been opened, and not yet connected. */
  begin(connection: number, fd: number): void;
  /** TCP is connected: goes on with the stream's own handshake. */
  advance(connection: number): StreamReadiness;
  /** @returns the bytes read, or an outcome */
  receive(connection: number): number;
  /** Whether bytes are left that epoll does not know of. */
  hasPending(connection: number): boolean;
  /** @returns the bytes taken, which may be fewer than given, or an outcome */
  send(connection: number, source: PinnedBuffer, start: number, end: number): number;
  /** What TLS agreed on, once the stream is ready; null without TLS. */
  agreementOf(connection: number): TlsAgreement | null;
  faultOf(connection: number): ConnectionFault;
  /** The connection is over; its socket is closed by the caller afterwards. */
  end(connection: number): void;
  /** Frees what is shared, when no stream is left. */
  close(): void;
}
