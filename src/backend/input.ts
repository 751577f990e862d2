/**
 * What comes in, through one buffer for all connections.
 */
import { PinnedBuffer } from "../linux/pinned-buffer.js";
import { RealtimeOffset } from "../linux/realtime-offset.js";
import { receiveBytes } from "../linux/socket-bytes.js";
import { StampedReceiver } from "../linux/stamped-receiver.js";

export interface Input {
  /** What `receive` read is at its beginning, until the next call. */
  readonly buffer: Buffer;
  /** When the kernel received what was last read, on the shared monotonic clock; NaN where it is not known. */
  readonly stampNs: number;
  /** @returns the bytes read, 0 at the stream's end, or `-errno` */
  receive(fd: number): number;
}

/** The clock of the stamps may have been set (see `RealtimeOffset`). */
const readsBetweenMeasures = 65_536;
const bufferBytes = 64 * 1024;

export class PlainInput implements Input {
  readonly stampNs = Number.NaN;
  readonly #memory = new PinnedBuffer(bufferBytes);

  get buffer(): Buffer {
    return this.#memory.bytes;
  }

  receive(fd: number): number {
    return receiveBytes(fd, this.#memory);
  }
}

/** For sockets with `setReceiveStamps`; 0.3 µs a read more. */
export class StampedInput implements Input {
  stampNs = Number.NaN;
  readonly #receiver = new StampedReceiver(bufferBytes);
  readonly #offset = new RealtimeOffset();
  #reads = 0;

  get buffer(): Buffer {
    return this.#receiver.buffer.bytes;
  }

  receive(fd: number): number {
    if (++this.#reads % readsBetweenMeasures === 0) this.#offset.measure();
    const received = this.#receiver.receive(fd);
    const { stampNs } = this.#receiver;
    this.stampNs = stampNs === null ? Number.NaN : this.#offset.monotonicOf(stampNs);
    return received;
  }
}
