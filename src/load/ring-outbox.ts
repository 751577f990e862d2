/**
 * Small frames on their way into an io_uring: gathered while the loop handles what came, and handed to the kernel a few
 * at a time, one request a connection. The kernel takes what a socket has room for when they are submitted; of what it
 * did not take it tells afterwards, so the bytes of two batches are kept.
 */
import assert from "node:assert/strict";
import { PinnedBuffer } from "../linux/pinned-buffer.js";
import { FrameEncoder, frameLength } from "../websocket/frame-encoder.js";
import type { Opcode } from "../websocket/opcode.js";
import type { RingRequests } from "./ring-requests.js";

/** Beyond this a copy costs more than a system call, and sockets may lack the room. */
const frameBytesMax = 4096;
/** Of one connection. */
const requestBytesMax = 16 * 1024;
const fewestRequests = 8;
const mostRequests = 32;

/**
 * How many sends go to the kernel in one call. A message's latency counts from before it is gathered, and the kernel
 * takes some 3 µs for each send, so eight in a call are at most 24 µs, and half of it for the median. A closed loop of
 * many connections takes the longer for a round of them (7 µs each), and gathers more: up to 1.3 % of that.
 */
function requestsMaxFor(connections: number): number {
  return Math.min(mostRequests, Math.max(fewestRequests, Math.floor(connections / 16)));
}

const absent = -1;

/** What was gathered for one call. */
class Batch {
  readonly bytes: PinnedBuffer;
  readonly encoder: FrameEncoder;
  readonly connections: Int32Array;
  /** By place, where the connection's bytes begin and end. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  count = 0;
  length = 0;

  constructor(requestsMax: number) {
    this.bytes = new PinnedBuffer(requestsMax * requestBytesMax);
    this.encoder = new FrameEncoder("client", this.bytes.bytes);
    this.connections = new Int32Array(requestsMax).fill(absent);
    this.starts = new Int32Array(requestsMax);
    this.ends = new Int32Array(requestsMax);
  }

  placeOf(connection: number): number {
    for (let place = 0; place < this.count; place++) {
      if (this.connections[place] === connection) return place;
    }
    return absent;
  }
}

export class RingOutbox {
  readonly #requestsMax: number;
  #gathering: Batch;
  #submitted: Batch;

  /** @param connections of the engine */
  constructor(connections: number) {
    this.#requestsMax = requestsMaxFor(connections);
    this.#gathering = new Batch(this.#requestsMax);
    this.#submitted = new Batch(this.#requestsMax);
  }

  /** Whether it must be submitted before more is taken. */
  get isFull(): boolean {
    return this.#gathering.count === this.#requestsMax;
  }

  /** Takes one frame. @returns false when there is no room for it: nothing was taken, the frame is to go its own way */
  add(connection: number, opcode: Opcode, payload: Buffer): boolean {
    const batch = this.#gathering;
    assert(batch.count < this.#requestsMax);
    const length = frameLength("client", payload.length);
    if (length > frameBytesMax || batch.length + requestBytesMax > batch.bytes.length) return false;
    let place = batch.placeOf(connection);
    if (place === absent) {
      place = batch.count++;
      batch.connections[place] = connection;
      batch.starts[place] = batch.length;
    } else if (!this.#makeLast(place, length)) return false;
    batch.length = batch.encoder.write(batch.length, opcode, payload);
    batch.ends[place] = batch.length;
    return true;
  }

  /** Gives back what was taken for a connection and not yet submitted, good until the next `add`; null for nothing. */
  takeBack(connection: number): Buffer | null {
    const batch = this.#gathering;
    const place = batch.placeOf(connection);
    if (place === absent) return null;
    batch.connections[place] = absent;
    return batch.bytes.bytes.subarray(batch.starts[place], batch.ends[place]);
  }

  /** Makes requests of all there is. */
  submit(requests: RingRequests): void {
    const batch = this.#gathering;
    const { bytes, connections, starts, ends, count } = batch;
    for (let place = 0; place < count; place++) {
      const connection = connections[place] as number;
      if (connection === absent) continue;
      requests.send(connection, bytes, starts[place] as number, ends[place] as number);
    }
    this.#gathering = this.#submitted;
    this.#submitted = batch;
    this.#gathering.count = 0;
    this.#gathering.length = 0;
  }

  /** What was submitted last for a connection, without the first `sent` bytes; good until the next `submit`. */
  unsent(connection: number, sent: number): Buffer {
    const { bytes, starts, ends } = this.#submitted;
    const place = this.#submitted.placeOf(connection);
    assert(place !== absent, `nothing was submitted for connection ${connection}`);
    return bytes.bytes.subarray((starts[place] as number) + sent, ends[place]);
  }

  /** Moves a connection's bytes behind all others, so that more can follow. @returns false when there is no room */
  #makeLast(place: number, more: number): boolean {
    const batch = this.#gathering;
    const start = batch.starts[place] as number;
    const end = batch.ends[place] as number;
    if (end - start + more > requestBytesMax) return false;
    if (end === batch.length) return true;
    batch.bytes.bytes.copyWithin(batch.length, start, end);
    batch.starts[place] = batch.length;
    batch.length += end - start;
    return true;
  }
}
