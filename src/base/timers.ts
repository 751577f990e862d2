/**
 * Timers: those of Node for who lives in its loop, a queue of its own for who
 * waits for the kernel by itself. Neither ever fires early.
 */
import { monotonicClock } from "./clock.js";
import { DueQueue } from "./due-queue.js";

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

/** Timers of a loop of our own. */
export class TimerQueue implements Timers {
  readonly #queue = new DueQueue<() => void>();

  at(timeNs: number, callback: () => void): () => void {
    return this.#queue.add(timeNs, callback);
  }

  /** When the next one falls due; infinity when there is none. */
  nextNs(): number {
    return this.#queue.nextNs;
  }

  /** Calls back what is due; a timer set meanwhile waits for the next time, even if it is due already. */
  runDue(nowNs: number): void {
    const due: (() => void)[] = [];
    for (let next = this.#queue.takeDue(nowNs); next !== undefined; next = this.#queue.takeDue(nowNs))
      due.push(next);
    for (const callback of due) callback();
  }
}
