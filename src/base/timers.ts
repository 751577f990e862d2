/**
 * Timers: those of Node for who lives in its loop, a queue of its own for who
 * waits for the kernel by itself. Neither ever fires early.
 */
import { monotonicClock } from "./clock.js";

export interface Timers {
  /**
   * Calls back once, at this point of the shared monotonic clock or as soon after it as the loop can.
   * @returns takes the timer back; no harm once it has fired
   */
  at(timeNs: number, callback: () => void): () => void;
}

/** Node's timers, which count in milliseconds: up to one late, as a rule. */
export function createNodeTimers(): Timers {
  return {
    at(timeNs, callback) {
      let timer: NodeJS.Timeout;
      const arm = (): void => {
        const leftMs = (timeNs - monotonicClock.now()) / 1e6;
        // Node drops the fraction of a delay, so it wakes early and is armed again for the last millisecond.
        timer = setTimeout(wake, Math.max(leftMs > 0 ? 1 : 0, Math.floor(leftMs)));
      };
      const wake = (): void => {
        if (monotonicClock.now() < timeNs) arm();
        else callback();
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}

interface QueuedTimer {
  readonly timeNs: number;
  readonly callback: () => void;
}

/** Timers of a loop of our own: a handful at a time as a rule, so a sorted list is enough. */
export class TimerQueue implements Timers {
  /** The next one last. */
  readonly #queue: QueuedTimer[] = [];

  at(timeNs: number, callback: () => void): () => void {
    const timer = { timeNs, callback };
    let place = 0;
    for (let end = this.#queue.length; place < end; ) {
      const middle = (place + end) >>> 1;
      if ((this.#queue[middle] as QueuedTimer).timeNs < timeNs) end = middle;
      else place = middle + 1;
    }
    this.#queue.splice(place, 0, timer);
    return () => {
      const found = this.#queue.indexOf(timer);
      if (found !== -1) this.#queue.splice(found, 1);
    };
  }

  /** When the next one falls due; infinity when there is none. */
  nextNs(): number {
    return this.#queue.at(-1)?.timeNs ?? Number.POSITIVE_INFINITY;
  }

  /** Calls back what is due; a timer set meanwhile waits for the next time, even if it is due already. */
  runDue(nowNs: number): void {
    let due = 0;
    while (due < this.#queue.length && (this.#queue.at(-1 - due) as QueuedTimer).timeNs <= nowNs) due++;
    const timers = this.#queue.splice(this.#queue.length - due, due).reverse();
    for (const { callback } of timers) callback();
  }
}
