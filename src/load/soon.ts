/** Connections to be opened as soon as can be, in their order, with turns for others in between. */
import type { Clock } from "../base/clock.js";
import type { Timers } from "../base/timers.js";

interface SoonSettings {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly open: (connection: number) => void;
}

/** So many are begun before others have a turn. */
const opensAtOnce = 64;
/** And so many while others end: an opening costs ten times what it takes to notice an end, and a reset has no other date. */
const opensAmidEnds = 8;

export class Soon {
  readonly #settings: SoonSettings;
  readonly #waiting: number[] = [];
  /** Whether one has ended since some were opened last. */
  #areEnding = false;

  constructor(settings: SoonSettings) {
    this.#settings = settings;
  }

  /** Never opened at once: whoever closed it is still at work on its socket. */
  add(connection: number): void {
    if (this.#waiting.push(connection) === 1) this.#arm();
  }

  /** A connection has ended. */
  ended(): void {
    this.#areEnding = true;
  }

  #arm(): void {
    const { clock, timers, open } = this.#settings;
    timers.at(clock.now(), () => {
      const some = this.#waiting.splice(0, this.#areEnding ? opensAmidEnds : opensAtOnce);
      this.#areEnding = false;
      if (this.#waiting.length > 0) this.#arm();
      for (const connection of some) open(connection);
    });
  }
}
