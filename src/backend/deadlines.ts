/**
 * Ends what takes too long, where all may take equally long: then the first to begin is the first to be late.
 */
import { monotonicClock } from "../base/clock.js";
import type { Timers } from "../base/timers.js";

export class Deadlines<Item> {
  readonly #timers: Timers;
  readonly #allowedNs: number;
  readonly #expired: (item: Item) => void;
  /** In the order in which they fall due. */
  readonly #dueNs = new Map<Item, number>();
  #isArmed = false;

  constructor(timers: Timers, allowedNs: number, expired: (item: Item) => void) {
    this.#timers = timers;
    this.#allowedNs = allowedNs;
    this.#expired = expired;
  }

  /** One that is there already keeps its time. */
  add(item: Item): void {
    if (this.#dueNs.has(item)) return;
    this.#dueNs.set(item, monotonicClock.now() + this.#allowedNs);
    this.#arm();
  }

  remove(item: Item): void {
    this.#dueNs.delete(item);
  }

  /** One timer for all, set for the first: it may find that one gone. */
  #arm(): void {
    if (this.#isArmed) return;
    const [firstNs] = this.#dueNs.values();
    if (firstNs === undefined) return;
    this.#isArmed = true;
    this.#timers.at(firstNs, () => {
      this.#isArmed = false;
      this.#expireDue();
      this.#arm();
    });
  }

  #expireDue(): void {
    const nowNs = monotonicClock.now();
    for (const [item, dueNs] of this.#dueNs) {
      if (dueNs > nowNs) return;
      this.#dueNs.delete(item);
      this.#expired(item);
    }
  }
}
