/**
 * Where the trials of an epoch wait for each other: their connections open one arm after the other, as they would in a
 * trial alone, and their loads start together.
 */
import { monotonicClock } from "../../base/clock.js";
import { createDeferred, type Deferred } from "../../base/deferred.js";

/** From the last connection to the start, so that every thread has its order in time. */
const startDelayNs = 15e6;

export class Meeting {
  readonly #opened: readonly Deferred<void>[];
  readonly #start = createDeferred<number>();
  readonly #spent = createDeferred<number>();
  readonly #aborted: Promise<never>;
  #open = 0;
  #told = 0;
  #spentNs = 0;

  /**
   * @param trials that will come
   * @param signal aborted when one of them will not come any further, so that nobody waits for it
   */
  constructor(trials: number, signal: AbortSignal) {
    this.#opened = Array.from({ length: trials }, () => createDeferred());
    this.#aborted = new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    this.#aborted.catch(() => undefined);
  }

  /** Resolves when those before it have their connections. @param position in the order of opening, from 0 */
  async turnToOpen(position: number): Promise<void> {
    await this.#unlessAborted(this.#opened[position - 1]?.promise ?? Promise.resolve());
  }

  /** Its connections are open. @returns when the loads start, as soon as all are, on the monotonic clock */
  untilStart(position: number): Promise<number> {
    this.#opened[position]?.resolve();
    if (++this.#open === this.#opened.length) this.#start.resolve(monotonicClock.now() + startDelayNs);
    return this.#unlessAborted(this.#start.promise);
  }

  /** @param ns of processor time that its proxy and backend used in the window @returns what all of them used */
  spentByAll(ns: number): Promise<number> {
    this.#spentNs += ns;
    if (++this.#told === this.#opened.length) this.#spent.resolve(this.#spentNs);
    return this.#unlessAborted(this.#spent.promise);
  }

  #unlessAborted<Value>(wanted: Promise<Value>): Promise<Value> {
    return Promise.race([wanted, this.#aborted]);
  }
}
