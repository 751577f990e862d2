/**
 * The connections of a thread that are open, in no order: one is added, taken out, or is next in turn without a search.
 */
const absent = -1;

export class OpenConnections {
  readonly #open: number[] = [];
  /** Each one's place among the open, so that it can be taken out at once. */
  readonly #placeOf: Int32Array;
  #turn = 0;

  /** @param connections they are numbered below this */
  constructor(connections: number) {
    this.#placeOf = new Int32Array(connections).fill(absent);
  }

  get count(): number {
    return this.#open.length;
  }

  /** A copy, for who goes through them while they come and go. */
  list(): readonly number[] {
    return [...this.#open];
  }

  has(connection: number): boolean {
    return this.#placeOf[connection] !== absent;
  }

  add(connection: number): void {
    this.#placeOf[connection] = this.#open.push(connection) - 1;
  }

  /** Nothing happens to one that is not among them. */
  remove(connection: number): void {
    const place = this.#placeOf[connection] as number;
    if (place === absent) return;
    const last = this.#open.pop() as number;
    if (last !== connection) {
      this.#open[place] = last;
      this.#placeOf[last] = place;
    }
    this.#placeOf[connection] = absent;
  }

  /** Goes round them all; undefined when none is open. */
  next(): number | undefined {
    return this.#open[this.#turn++ % this.#open.length];
  }
}
