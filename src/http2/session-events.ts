/**
 * What a session tells of its connection: either end, and what one of them alone has to tell.
 */
import type { HeaderField } from "../websocket/header-fields.js";
import type { ConnectionError } from "./frame-types.js";
import type { Stream } from "./stream.js";

export interface SessionEvents {
  /** The peer's first SETTINGS came. */
  readonly settled?: () => void;
  /** What waited on the stream has been written. */
  readonly drained?: (stream: Stream) => void;
  /** The bytes [start, end), good until the call returns. */
  data(stream: Stream, bytes: Buffer, start: number, end: number): void;
  /** The peer has ended its side. */
  ended(stream: Stream): void;
  /** RST_STREAM came; the stream is gone. */
  reset(stream: Stream, code: number): void;
  /** GOAWAY came: no more requests. Those of `unseen` are gone, unanswered. */
  goaway(code: number, unseen: readonly Stream[]): void;
  /** A stream is gone (null: some are), after whatever else was told of it. */
  vacated(stream: Stream | null): void;
  /** The peer has broken the protocol, and was told so. Nothing is read any more. */
  broken(error: ConnectionError): void;
}

export interface ClientEvents extends SessionEvents {
  /** Requests may be made. */
  readonly settled: () => void;
  /** A final answer. */
  answered(stream: Stream, fields: readonly HeaderField[]): void;
}

export interface ServerEvents extends SessionEvents {
  /** A request, whose stream may have ended with it. */
  requested(stream: Stream, fields: readonly HeaderField[]): void;
}
