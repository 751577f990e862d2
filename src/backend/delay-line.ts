/**
 * Answers that are held back: each is run when it falls due, and those of one connection in their order. A heap, for
 * there may be one for every connection, and exponential delays come in no order.
 */
import { monotonicClock } from "../base/clock.js";
import type { Prng } from "../base/prng.js";
import type { Timers } from "../base/timers.js";
import type { Connection } from "./connection.js";
import { type Delay, drawDelay } from "./fault-plan.js";

interface Held {
  readonly connection: Connection;
  readonly bytes: number;
  readonly dueNs: number;
  /** Decides between two that fall due together. */
  readonly turn: number;
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
  /** A binary heap: each is due no later than its two children, 2i + 1 and 2i + 2. */
  readonly #heap: Held[] = [];
  #turn = 0;
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
    const heap = this.#heap;
    const held = { connection, bytes, dueNs, turn: this.#turn++, run };
    let place = heap.push(held) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(held, heap[parent] as Held)) break;
      heap[place] = heap[parent] as Held;
      place = parent;
    }
    heap[place] = held;
    this.#arm();
  }

  #arm(): void {
    const first = this.#heap[0];
    if (first === undefined || first.dueNs >= this.#armedNs) return;
    this.#disarm();
    this.#armedNs = first.dueNs;
    this.#disarm = this.#settings.timers.at(first.dueNs, () => {
      this.#armedNs = Number.POSITIVE_INFINITY;
      this.#runDue(monotonicClock.now());
      this.#arm();
    });
  }

  #runDue(nowNs: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.dueNs <= nowNs; first = this.#heap[0]) {
      this.#dropFirst();
      const { connection, bytes, run } = first;
      connection.heldCount--;
      connection.heldBytes -= bytes;
      if (connection.phase === "closed") continue;
      run();
      this.#settings.ran(connection);
    }
  }

  #dropFirst(): void {
    const heap = this.#heap;
    const last = heap.pop() as Held;
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Held, heap[child] as Held)) child++;
      if (child >= heap.length || !isBefore(heap[child] as Held, last)) break;
      heap[place] = heap[child] as Held;
      place = child;
    }
    heap[place] = last;
  }
}

function isBefore(a: Held, b: Held): boolean {
  return a.dueNs < b.dueNs || (a.dueNs === b.dueNs && a.turn < b.turn);
}
