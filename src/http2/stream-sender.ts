/**
 * DATA of a connection's streams within the windows that the peer gives (RFC 9113, 5.2 and 6.9): what may go goes at
 * once, the rest waits for WINDOW_UPDATE.
 */
import { Backlog } from "../base/backlog.js";
import {
  type ConnectionError,
  flags,
  frameBytesUsual,
  frameHeaderBytes,
  frameTypes,
  windowMost,
  windowUsual,
} from "./frame-types.js";
import type { Outlet } from "./outlet.js";
import type { Stream } from "./stream.js";
import { writeFrameHeader } from "./write-frames.js";

const overflow: ConnectionError = {
  name: "FLOW_CONTROL_ERROR",
  detail: "a window of more than 2^31 - 1 bytes",
};

export class StreamSender {
  readonly #connection: number;
  readonly #outlet: Outlet;
  readonly #drained: (stream: Stream) => void;
  /** Of the connection. */
  #window = windowUsual;
  /** Those with something pending, the longest first. */
  readonly #waiting = new Set<Stream>();
  #waitingBytes = 0;

  /** @param drained nothing of the stream waits any more, for it was sent */
  constructor(connection: number, outlet: Outlet, drained: (stream: Stream) => void) {
    this.#connection = connection;
    this.#outlet = outlet;
    this.#drained = drained;
  }

  /** What waits for window, of all streams. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /**
   * Begins a DATA frame that goes now, whole; its payload is to be written into the outlet, and `end` to be called.
   * @returns where the payload begins, or -1 where it has to wait: then `queue`
   */
  begin(stream: Stream, length: number): number {
    if (length > frameBytesUsual || length > stream.sendWindow || length > this.#window) return -1;
    if (stream.pending !== null) return -1;
    return this.#begin(stream, length);
  }

  /** The payload is written. */
  end(payloadEnd: number): void {
    this.#outlet.end(this.#connection, payloadEnd);
  }

  /** Sends what may go of the bytes and keeps a copy of the rest. */
  queue(stream: Stream, bytes: Buffer): void {
    stream.pending ??= new Backlog(bytes.length);
    stream.pending.append(bytes, 0, bytes.length);
    this.#waitingBytes += bytes.length;
    this.#pump(stream);
  }

  /** An empty frame, which needs no window. */
  endStream(stream: Stream): void {
    const at = this.#outlet.begin(this.#connection, frameHeaderBytes);
    writeFrameHeader(this.#outlet.bytes, at, 0, frameTypes.data, flags.endStream, stream.id);
    this.end(at + frameHeaderBytes);
  }

  forget(stream: Stream): void {
    if (stream.pending === null) return;
    this.#waitingBytes -= stream.pending.length;
    stream.pending = null;
    this.#waiting.delete(stream);
  }

  widen(bytes: number): ConnectionError | null {
    this.#window += bytes;
    if (this.#window > windowMost) return overflow;
    for (const stream of [...this.#waiting]) this.#pump(stream);
    return null;
  }

  /** @param bytes below 0 where SETTINGS take some back */
  widenStream(stream: Stream, bytes: number): ConnectionError | null {
    stream.sendWindow += bytes;
    if (stream.sendWindow > windowMost) return overflow;
    if (stream.pending !== null) this.#pump(stream);
    return null;
  }

  /** As SETTINGS do with all at once. */
  widenStreams(streams: Iterable<Stream>, bytes: number): ConnectionError | null {
    if (bytes === 0) return null;
    for (const stream of streams) {
      const error = this.widenStream(stream, bytes);
      if (error !== null) return error;
    }
    return null;
  }

  #pump(stream: Stream): void {
    for (;;) {
      const { pending } = stream;
      if (pending === null) return;
      const length = Math.min(pending.length, frameBytesUsual, stream.sendWindow, this.#window);
      if (length <= 0) break;
      const at = this.#begin(stream, length);
      pending.peek(this.#outlet.bytes.subarray(at, at + length));
      pending.skip(length);
      this.#waitingBytes -= length;
      if (pending.length === 0) this.forget(stream);
      this.end(at + length);
      if (stream.pending === null) this.#drained(stream);
    }
    this.#waiting.add(stream);
  }

  #begin(stream: Stream, length: number): number {
    stream.sendWindow -= length;
    this.#window -= length;
    const at = this.#outlet.begin(this.#connection, frameHeaderBytes + length);
    writeFrameHeader(this.#outlet.bytes, at, length, frameTypes.data, 0, stream.id);
    return at + frameHeaderBytes;
  }
}
