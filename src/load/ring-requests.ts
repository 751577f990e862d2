/**
 * What an engine has asked of its io_uring for each connection: one receive that goes on until it is ended, and sends.
 */
import assert from "node:assert/strict";
import type { BufferRing } from "../linux/buffer-ring.js";
import type { IoUring } from "../linux/io-uring.js";
import type { RingSizes } from "../linux/io-uring-setup.js";
import type { PinnedBuffer } from "../linux/pinned-buffer.js";
import { bufferCountFor } from "./received-buffers.js";

/** Of a request's tag, the bits that are the connection; those above count how often it was opened. */
const connectionBits = 22;
const connectionMask = (1 << connectionBits) - 1;
const opening = 1 << connectionBits;
/** After 512 of them a tag comes again: by then nothing of its first use is under way. */
const tagMask = 0x7fffffff;

/** More in one turn are handed over in parts. */
const submissions = 1024;
/** The most completions that the kernel allows, enough for 20,000 connections. */
const completionsMax = 65_536;

/** In place of a connection: the request is of one that is over. */
export const overConnection = -1;

/**
 * So many completions fit that none is kept elsewhere, and all of a call are seen after it: one a buffer, and for each
 * connection the ends of its receive, its cancellation and its send.
 */
export function ringSizesFor(connections: number): RingSizes {
  const completions = 2 ** Math.ceil(Math.log2(bufferCountFor(connections) + connections * 3 + submissions));
  return { submissions, completions: Math.min(completionsMax, completions) };
}

export class RingRequests {
  readonly #ring: IoUring;
  readonly #buffers: BufferRing;
  readonly #fds: Int32Array;
  readonly #tags: Int32Array;
  /** 1 while the connection's receive goes on. */
  readonly #isReceiving: Uint8Array;
  /** Tags of the receives to be started. */
  readonly #wanted: number[] = [];

  /** @param connections they are numbered below this */
  constructor(ring: IoUring, buffers: BufferRing, connections: number) {
    assert(connections <= connectionMask, `${connections} connections`);
    this.#ring = ring;
    this.#buffers = buffers;
    this.#fds = new Int32Array(connections);
    this.#tags = Int32Array.from({ length: connections }, (_, connection) => connection);
    this.#isReceiving = new Uint8Array(connections);
  }

  begin(connection: number, fd: number): void {
    this.#fds[connection] = fd;
    this.receive(connection);
  }

  isReceiving(connection: number): boolean {
    return this.#isReceiving[connection] === 1;
  }

  /** Asks for all that comes, from the next `startReceives` on. */
  receive(connection: number): void {
    this.#wanted.push(this.#tags[connection] as number);
  }

  /**
   * Makes requests of it, now that they are about to be handed over: before that a connection might still end, and its
   * descriptor be another's. All are stamped, for to do so costs no more than for none.
   */
  startReceives(): void {
    if (this.#wanted.length === 0) return;
    for (const tag of this.#wanted) {
      const connection = tag & connectionMask;
      if (this.#tags[connection] !== tag) continue;
      this.#isReceiving[connection] = 1;
      this.#ring.receiveStamped(this.#fds[connection] as number, this.#buffers, tag);
    }
    this.#wanted.length = 0;
  }

  /** Sends what the socket takes at once: see `IoUring.sendNow`. */
  send(connection: number, source: PinnedBuffer, start: number, end: number): void {
    const fd = this.#fds[connection] as number;
    this.#ring.sendNow(fd, source, start, end, this.#tags[connection] as number);
  }

  /** The receive has ended. */
  receiveEnded(connection: number): void {
    this.#isReceiving[connection] = 0;
  }

  /** Ends all requests of a connection that is over, before its descriptor is closed. */
  end(connection: number): void {
    const tag = this.#tags[connection] as number;
    // A request keeps its socket open.
    if (this.#isReceiving[connection] === 1) this.#ring.cancelReceive(tag);
    this.#isReceiving[connection] = 0;
    this.#tags[connection] = (tag + opening) & tagMask;
  }

  /** @returns the connection of a completion, or `overConnection` */
  connectionAt(index: number): number {
    const tag = this.#ring.tagAt(index);
    const connection = tag & connectionMask;
    return this.#tags[connection] === tag ? connection : overConnection;
  }
}
