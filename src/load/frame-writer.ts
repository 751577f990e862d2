/**
 * What goes out on an engine's connections: frames through one buffer, and what a socket does not take at once.
 */
import { Backlog } from "../base/backlog.js";
import { PinnedBuffer } from "../linux/pinned-buffer.js";
import { FrameEncoder, frameLength } from "../websocket/frame-encoder.js";
import type { Opcode } from "../websocket/opcode.js";
import { type Streams, streamOutcomes } from "./streams.js";

interface FrameWriterEvents {
  /** A socket has taken all it could, and is to be watched until it takes more. */
  blocked(connection: number): void;
  /** Everything has gone out that was waiting. */
  unblocked(connection: number): void;
  /** The stream is broken. */
  failed(connection: number): void;
}

export class FrameWriter {
  readonly #streams: Streams;
  readonly #events: FrameWriterEvents;
  /** By connection; most never have any. */
  readonly #backlogs = new Map<number, Backlog>();
  #out = new PinnedBuffer(64 * 1024);
  #encoder = new FrameEncoder("client", this.#out.bytes);

  constructor(streams: Streams, events: FrameWriterEvents) {
    this.#streams = streams;
    this.#events = events;
  }

  /** Sends one frame, now or as soon as the socket takes it. */
  frame(connection: number, opcode: Opcode, payload: Buffer): void {
    const length = frameLength("client", payload.length);
    if (length > this.#out.length) {
      this.#out = new PinnedBuffer(length);
      this.#encoder = new FrameEncoder("client", this.#out.bytes);
    }
    this.#push(connection, this.#encoder.write(0, opcode, payload));
  }

  /** Sends bytes as they are. */
  bytes(connection: number, bytes: Buffer): void {
    bytes.copy(this.#out.bytes);
    this.#push(connection, bytes.length);
  }

  /** Whether something waits for the socket to take it. */
  isBlocked(connection: number): boolean {
    return this.#backlogs.has(connection);
  }

  /** The socket takes more. */
  flush(connection: number): void {
    const backlog = this.#backlogs.get(connection);
    while (backlog !== undefined && backlog.length > 0) {
      const sent = this.#streams.send(connection, this.#out, 0, backlog.peek(this.#out.bytes));
      if (sent === streamOutcomes.again) return;
      if (sent < 0) {
        this.#events.failed(connection);
        return;
      }
      backlog.skip(sent);
    }
    this.#backlogs.delete(connection);
    this.#events.unblocked(connection);
  }

  forget(connection: number): void {
    this.#backlogs.delete(connection);
  }

  /** Sends the first bytes of the buffer, or keeps what the socket does not take. */
  #push(connection: number, end: number): void {
    const backlog = this.#backlogs.size === 0 ? undefined : this.#backlogs.get(connection);
    if (backlog !== undefined) {
      backlog.append(this.#out.bytes, 0, end);
      return;
    }
    const sent = this.#streams.send(connection, this.#out, 0, end);
    if (sent === end) return;
    if (sent === streamOutcomes.failed) {
      this.#events.failed(connection);
      return;
    }
    const left = new Backlog(end - Math.max(0, sent));
    left.append(this.#out.bytes, Math.max(0, sent), end);
    this.#backlogs.set(connection, left);
    this.#events.blocked(connection);
  }
}
