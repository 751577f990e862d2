/**
 * Which messages are stamped: one of so many, and not always the same of them. Where connections send in turn, every
 * sixteenth message of eight connections is always the same connection's.
 */
const step = 7;

export class StampTurns {
  readonly #every: number;
  #round = 0;
  #left: number;

  /** @param every one of so many, on average */
  constructor(every: number) {
    this.#every = every;
    this.#left = every;
  }

  /** Called for each message. @returns whether this one is to be stamped, or the next that can be */
  isDue(): boolean {
    return --this.#left <= 0;
  }

  /** It has been. */
  taken(): void {
    const place = (round: number): number => (round * step) % this.#every;
    this.#left = this.#every + place(this.#round + 1) - place(this.#round);
    this.#round++;
  }
}
