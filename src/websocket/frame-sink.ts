/**
 * Who is told what the frames held. The bytes [start, end) are unmasked and good until the call returns. These are
 * called for every message, so the parts are arguments and not an object.
 */
export interface FrameSink {
  /** A whole message, put together if it came in fragments. */
  message(connection: number, buffer: Buffer, start: number, end: number, isBinary: boolean): void;
  /** To be answered by a pong with the same payload (RFC 6455, 5.5.2). */
  ping(connection: number, buffer: Buffer, start: number, end: number): void;
  pong(connection: number, buffer: Buffer, start: number, end: number): void;
  /** The last call for a connection. A null code: the frame carried none. */
  close(connection: number, code: number | null, reason: string): void;
}
