/**
 * Packets on their way, until they fall due. Those of one flow stay in order, as on a road with one lane, for TCP takes
 * what overtakes for a loss; flows know nothing of each other.
 */
import { PinnedBuffer } from "../linux/pinned-buffer.js";

/** The most that comes at once: an interface's usual 1,500, and some. */
export const packetBytes = 2048;

export class PacketQueue {
  readonly memory: PinnedBuffer;
  /** By place: when each is due, which of those due together came first, its length and its flow. */
  readonly #dueNs: Float64Array;
  readonly #turns: Float64Array;
  readonly #lengths: Int32Array;
  readonly #flows: Int32Array;
  /** A binary heap of places: each is due no later than its two children, 2i + 1 and 2i + 2. */
  readonly #heap: Int32Array;
  /** Places that nothing lies in, the next one last. */
  readonly #free: Int32Array;
  /** When the last packet of each flow is due. */
  readonly #lastNs: Float64Array;
  readonly #size: number;
  #count = 0;
  #turn = 0;

  /**
   * @param size how many wait at most
   * @param flows their numbers are below it
   */
  constructor(size: number, flows: number) {
    this.#size = size;
    this.memory = new PinnedBuffer(size * packetBytes);
    this.#dueNs = new Float64Array(size);
    this.#turns = new Float64Array(size);
    this.#lengths = new Int32Array(size);
    this.#flows = new Int32Array(size);
    this.#heap = new Int32Array(size);
    this.#free = Int32Array.from({ length: size }, (_, index) => size - 1 - index);
    this.#lastNs = new Float64Array(flows);
  }

  get isFull(): boolean {
    return this.#count === this.#size;
  }

  /** Of the first; infinity where there is none. */
  get nextNs(): number {
    return this.#count === 0 ? Number.POSITIVE_INFINITY : (this.#dueNs[this.#heap[0] as number] as number);
  }

  /** Where the first one's bytes begin in `memory`. */
  get firstAt(): number {
    return (this.#heap[0] as number) * packetBytes;
  }

  get firstLength(): number {
    return this.#lengths[this.#heap[0] as number] as number;
  }

  get firstFlow(): number {
    return this.#flows[this.#heap[0] as number] as number;
  }

  /** Copies a packet, which waits from now on. Not when it is full. */
  add(bytes: Buffer, length: number, flow: number, dueNs: number): void {
    const place = this.#free[this.#size - 1 - this.#count] as number;
    bytes.copy(this.memory.bytes, place * packetBytes, 0, length);
    const orderlyNs = Math.max(dueNs, this.#lastNs[flow] as number);
    this.#lastNs[flow] = orderlyNs;
    this.#dueNs[place] = orderlyNs;
    this.#turns[place] = this.#turn++;
    this.#lengths[place] = length;
    this.#flows[place] = flow;
    this.#rise(this.#count++, place);
  }

  /** The first one is on its way. */
  drop(): void {
    const gone = this.#heap[0] as number;
    this.#count--;
    if (this.#count > 0) this.#sink(this.#heap[this.#count] as number);
    this.#free[this.#size - 1 - this.#count] = gone;
  }

  #rise(from: number, place: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.#heap[parent] as number;
      if (!this.#isBefore(place, above)) break;
      this.#heap[at] = above;
      at = parent;
    }
    this.#heap[at] = place;
  }

  /** Down from the top. */
  #sink(place: number): void {
    let at = 0;
    for (let child = 1; child < this.#count; child = 2 * at + 1) {
      const other = child + 1;
      if (other < this.#count && this.#isBefore(this.#heap[other] as number, this.#heap[child] as number))
        child = other;
      const below = this.#heap[child] as number;
      if (!this.#isBefore(below, place)) break;
      this.#heap[at] = below;
      at = child;
    }
    this.#heap[at] = place;
  }

  #isBefore(place: number, other: number): boolean {
    const difference = (this.#dueNs[place] as number) - (this.#dueNs[other] as number);
    return (
      difference < 0 || (difference === 0 && (this.#turns[place] as number) < (this.#turns[other] as number))
    );
  }
}
