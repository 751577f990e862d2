/**
 * The buffers that an io_uring receives into, which all connections share: the bytes and their stamps.
 */
import { type BufferRing, stampedHeaderBytes } from "../linux/buffer-ring.js";
import type { IoUring } from "../linux/io-uring.js";
import { RealtimeOffset } from "../linux/realtime-offset.js";

/** Those of many connections are small, those of few large. */
const bytesOfAll = 4 * 1024 * 1024;
const fewest = 256;
const most = 4096;

/**
 * One for each connection, so that they last even where the kernel fills those of all connections at once (since Linux
 * 6.13 it is 40 a call).
 */
export function bufferCountFor(connections: number): number {
  return Math.min(most, Math.max(fewest, 2 ** Math.ceil(Math.log2(connections))));
}

export class ReceivedBuffers {
  readonly ring: BufferRing;
  /** When the kernel received what is being read, on the shared monotonic clock; NaN where it was not asked. */
  stampNs = Number.NaN;
  /** How many reads share one stamp: 1 stamps all, 0 none. */
  stampEvery = 1;
  readonly #offset = new RealtimeOffset();
  #reads = 0;

  constructor(ring: IoUring, connections: number) {
    const count = bufferCountFor(connections);
    this.ring = ring.provideBuffers({ group: 0, count, bytesEach: bytesOfAll / count });
  }

  /** All of them, one behind the other. */
  get bytes(): Buffer {
    return this.ring.bytes;
  }

  /** @returns where the bytes of a buffer begin; `stampNs` is theirs from now on */
  read(buffer: number): number {
    if (this.stampEvery > 0 && ++this.#reads >= this.stampEvery) this.#stamp(buffer);
    else this.stampNs = Number.NaN;
    return this.ring.startOf(buffer) + stampedHeaderBytes;
  }

  /** Where the bytes of a buffer end. @param result of its completion */
  endOf(buffer: number, result: number): number {
    return this.ring.startOf(buffer) + result;
  }

  #stamp(buffer: number): void {
    this.#reads = 0;
    const stampNs = this.ring.stampNsOf(buffer);
    this.stampNs = stampNs === null ? Number.NaN : this.#offset.monotonicOf(stampNs);
  }
}
