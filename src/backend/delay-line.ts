/**
 * Answers that are held back: each is run when it falls due, and those of one connection in their order.
 */
import { monotonicClock } from "../base/clock.js";
import { DueQueue } from "../base/due-queue.js";
import type { Prng } from "../base/prng.js";
import type { Timers } from "../base/timers.js";
import type { Connection } from "./connection.js";
import { type Delay, drawDelay } from "./fault-plan.js";

interface Held {
  readonly connection: Connection;
  readonly bytes: number;
  readonly run: () => void;
}

interface DelayLineSettings {
  readonly timers: Timers;
  readonly delay: Delay;
  readonly prng: Prng;
  /** Something of the connection has been run. */
  readonly ran: (connection: Connection) => void;
}

export class DelayLine {
  readonly #settings: DelayLineSettings;
  readonly #queue = new DueQueue<Held>();
  #armedNs = Number.POSITIVE_INFINITY;
  #disarm: () => void = () => undefined;

  constructor(settings: DelayLineSettings) {
    this.#settings = settings;
  }

  /** Runs it after a delay drawn for it, but not before what is held already of this connection. */
  hold(connection: Connection, bytes: number, run: () => void): void {
    const { delay, prng } = this.#settings;
    this.holdFor(connection, bytes, drawDelay(delay, prng), run);
  }

  /** The same after so many nanoseconds. */
  holdFor(connection: Connection, bytes: number, delayNs: number, run: () => void): void {
    const dueNs = monotonicClock.now() + delayNs;
    this.#push(connection, bytes, Math.max(dueNs, connection.heldUntilNs), run);
  }

  /** Runs it behind what is held of this connection, at once where nothing is. */
  behind(connection: Connection, run: () => void): void {
    if (connection.heldCount === 0) run();
    else this.#push(connection, 0, connection.heldUntilNs, run);
  }

  #push(connection: Connection, bytes: number, dueNs: number, run: () => void): void {
    connection.heldCount++;
    connection.heldBytes += bytes;
    connection.heldUntilNs = dueNs;
    this.#queue.add(dueNs, { connection, bytes, run });
    this.#arm();
  }

  #arm(): void {
    const { nextNs } = this.#queue;
    if (nextNs >= this.#armedNs) return;
    this.#disarm();
    this.#armedNs = nextNs;
    this.#disarm = this.#settings.timers.at(nextNs, () => {
      this.#armedNs = Number.POSITIVE_INFINITY;
      this.#runDue(monotonicClock.now());
      this.#arm();
    });
  }

  #runDue(nowNs: number): void {
    for (let held = this.#queue.takeDue(nowNs); held !== undefined; held = this.#queue.takeDue(nowNs)) {
      const { connection, bytes, run } = held;
      connection.heldCount--;
      connection.heldBytes -= bytes;
      if (connection.phase === "closed") continue;
      run();
      this.#settings.ran(connection);
    }
  }
}
