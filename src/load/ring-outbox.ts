/**
 * Small frames on their way into an io_uring: gathered while the loop handles what came, and handed to the kernel in one
 * call, one request a connection. The kernel takes what a socket has room for within that call; of what it did not
 * take it tells by the next time, so the bytes of two turns are kept.
 */
import { PinnedBuffer } from "../linux/pinned-buffer.js";
import { FrameEncoder, frameLength } from "../websocket/frame-encoder.js";
import type { Opcode } from "../websocket/opcode.js";
import type { RingRequests } from "./ring-requests.js";

/** Beyond this a copy costs more than a system call, and sockets may lack the room. */
const frameBytesMax = 4096;
/** Of one connection in one turn. */
const requestBytesMax = 16 * 1024;
/** Of a turn, for the rest goes out by itself: 15,000 connections' first pings are 150,000. */
const turnBytesMax = 256 * 1024;

/** What was gathered in one turn. */
class Batch {
  readonly bytes = new PinnedBuffer(turnBytesMax);
  readonly encoder = new FrameEncoder("client", this.bytes.bytes);
  /** By connection, where its bytes begin and end; it has none where the end is 0. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** The connections that have or had bytes, each once. */
  readonly list: Int32Array;
  readonly isListed: Uint8Array;
  count = 0;
  length = 0;

  constructor(connections: number) {
    this.starts = new Int32Array(connections);
    this.ends = new Int32Array(connections);
    this.list = new Int32Array(connections);
    this.isListed = new Uint8Array(connections);
  }

  clear(): void {
    for (let i = 0; i < this.count; i++) {
      const connection = this.list[i] as number;
      this.ends[connection] = 0;
      this.isListed[connection] = 0;
    }
    this.count = 0;
    this.length = 0;
  }
}

export class RingOutbox {
  #gathering: Batch;
  #submitted: Batch;

  /** @param connections they are numbered below this */
  constructor(connections: number) {
    this.#gathering = new Batch(connections);
    this.#submitted = new Batch(connections);
  }

  /** Takes one frame. @returns false when there is no room for it: nothing was taken, the frame is to go its own way */
  add(connection: number, opcode: Opcode, payload: Buffer): boolean {
    const length = frameLength("client", payload.length);
    const batch = this.#gathering;
    if (length > frameBytesMax || batch.length + requestBytesMax > turnBytesMax) return false;
    if (batch.ends[connection] === 0) this.#begin(batch, connection);
    else if (!this.#makeLast(batch, connection, length)) return false;
    batch.length = batch.encoder.write(batch.length, opcode, payload);
    batch.ends[connection] = batch.length;
    return true;
  }

  /** Gives back what was taken for a connection and not yet submitted, good until the next `add`; null for nothing. */
  takeBack(connection: number): Buffer | null {
    const batch = this.#gathering;
    const end = batch.ends[connection] as number;
    if (end === 0) return null;
    batch.ends[connection] = 0;
    return batch.bytes.bytes.subarray(batch.starts[connection], end);
  }

  /** Makes requests of all there is. */
  submit(requests: RingRequests): void {
    const batch = this.#gathering;
    const { bytes, starts, ends, list, count } = batch;
    for (let i = 0; i < count; i++) {
      const connection = list[i] as number;
      const end = ends[connection] as number;
      if (end !== 0) requests.send(connection, bytes, starts[connection] as number, end);
    }
    this.#submitted.clear();
    this.#gathering = this.#submitted;
    this.#submitted = batch;
  }

  /** What was submitted last for a connection, without the first `sent` bytes; good until the next `submit`. */
  unsent(connection: number, sent: number): Buffer {
    const { bytes, starts, ends } = this.#submitted;
    return bytes.bytes.subarray((starts[connection] as number) + sent, ends[connection]);
  }

  #begin(batch: Batch, connection: number): void {
    batch.starts[connection] = batch.length;
    if (batch.isListed[connection] === 1) return;
    batch.isListed[connection] = 1;
    batch.list[batch.count++] = connection;
  }

  /** Moves a connection's bytes behind all others, so that more can follow. @returns false when there is no room */
  #makeLast(batch: Batch, connection: number, more: number): boolean {
    const start = batch.starts[connection] as number;
    const end = batch.ends[connection] as number;
    if (end - start + more > requestBytesMax) return false;
    if (end === batch.length) return true;
    batch.bytes.bytes.copyWithin(batch.length, start, end);
    batch.starts[connection] = batch.length;
    batch.length += end - start;
    return true;
  }
}
