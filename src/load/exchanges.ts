/**
 * Messages under way, from send to reply, for all connections of a thread: records in flat arrays, chained per
 * connection in the order of sending, so that nothing is allocated per message once the pool has grown.
 */
const none = -1;
const initialCapacity = 1024;

export class Exchanges {
  readonly #head: Int32Array;
  readonly #tail: Int32Array;
  readonly #nextSequence: Uint32Array;
  #next = new Int32Array(initialCapacity);
  #sequence = new Uint32Array(initialCapacity);
  #intendedNs = new Float64Array(initialCapacity);
  #sentNs = new Float64Array(initialCapacity);
  #free = none;
  #used = 0;
  #inFlight = 0;

  constructor(connections: number) {
    this.#head = new Int32Array(connections).fill(none);
    this.#tail = new Int32Array(connections).fill(none);
    this.#nextSequence = new Uint32Array(connections);
  }

  /** Messages sent and not yet answered, over all connections. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether nothing is under way on a connection. */
  isIdle(connection: number): boolean {
    return this.#head[connection] === none;
  }

  /** The sequence number that the connection's next message will carry. */
  nextSequence(connection: number): number {
    return this.#nextSequence[connection] as number;
  }

  /** Notes the connection's next message as sent. */
  sent(connection: number, intendedNs: number, sentNs: number): void {
    const slot = this.#take();
    const sequence = this.nextSequence(connection);
    this.#nextSequence[connection] = sequence + 1;
    this.#sequence[slot] = sequence;
    this.#intendedNs[slot] = intendedNs;
    this.#sentNs[slot] = sentNs;
    this.#next[slot] = none;
    const tail = this.#tail[connection] as number;
    if (tail === none) this.#head[connection] = slot;
    else this.#next[tail] = slot;
    this.#tail[connection] = slot;
    this.#inFlight++;
  }

  /** The connection's next message is one that nobody replies to. */
  skip(connection: number): void {
    this.#nextSequence[connection] = this.nextSequence(connection) + 1;
  }

  /**
   * Takes the message that a reply answers off the list: the one with this sequence number, or the oldest where the
   * number is negative because replies carry none.
   * @returns the record's slot, readable until the next `sent`; or -1 when no such message is under way
   */
  answered(connection: number, sequence: number): number {
    let previous = none;
    let slot = this.#head[connection] as number;
    while (slot !== none && sequence >= 0 && this.#sequence[slot] !== sequence) {
      previous = slot;
      slot = this.#next[slot] as number;
    }
    if (slot === none) return none;
    const next = this.#next[slot] as number;
    if (previous === none) this.#head[connection] = next;
    else this.#next[previous] = next;
    if (next === none) this.#tail[connection] = previous;
    this.#release(slot);
    return slot;
  }

  /** Gives up what is under way on a connection that has ended. @returns how many messages that were */
  abandon(connection: number): number {
    let count = 0;
    while (this.answered(connection, -1) !== none) count++;
    return count;
  }

  intendedNs(slot: number): number {
    return this.#intendedNs[slot] as number;
  }

  sentNs(slot: number): number {
    return this.#sentNs[slot] as number;
  }

  #take(): number {
    const slot = this.#free;
    if (slot !== none) {
      this.#free = this.#next[slot] as number;
      return slot;
    }
    if (this.#used === this.#next.length) this.#grow();
    return this.#used++;
  }

  #release(slot: number): void {
    this.#next[slot] = this.#free;
    this.#free = slot;
    this.#inFlight--;
  }

  #grow(): void {
    const size = this.#next.length * 2;
    const next = new Int32Array(size);
    next.set(this.#next);
    this.#next = next;
    const sequence = new Uint32Array(size);
    sequence.set(this.#sequence);
    this.#sequence = sequence;
    const intendedNs = new Float64Array(size);
    intendedNs.set(this.#intendedNs);
    this.#intendedNs = intendedNs;
    const sentNs = new Float64Array(size);
    sentNs.set(this.#sentNs);
    this.#sentNs = sentNs;
  }
}
