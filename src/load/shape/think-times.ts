/** Waits between a reply and a connection's next message, as of people who read before they answer. */
import type { Clock } from "../../base/clock.js";
import { createPrng, type Prng } from "../../base/prng.js";
import type { Timers } from "../../base/timers.js";
import type { TimeSpread } from "../../scenario/time-spread.js";
import { drawNs, drawRestNs } from "./draw-time.js";

interface ThinkSettings {
  readonly think: TimeSpread;
  readonly seed: number;
  readonly connections: number;
  readonly clock: Clock;
  readonly timers: Timers;
  /** The time is over: sends, if the connection is still to send. */
  readonly send: (connection: number, nowNs: number) => void;
}

export class ThinkTimes {
  readonly #settings: ThinkSettings;
  readonly #prng: Prng;
  /** When each connection's time is over: of one that was lost and is back, the time from before counts no more. */
  readonly #dueNs: Float64Array;

  constructor(settings: ThinkSettings) {
    this.#settings = settings;
    this.#dueNs = new Float64Array(settings.connections);
    this.#prng = createPrng(settings.seed);
  }

  /** A reply has come. */
  replied(connection: number, nowNs: number): void {
    this.#after(connection, nowNs + drawNs(this.#settings.think, this.#prng));
  }

  /** The load begins, with each connection somewhere in its time, so that they do not begin together. */
  begin(connection: number, nowNs: number): void {
    this.#after(connection, nowNs + drawRestNs(this.#settings.think, this.#prng));
  }

  #after(connection: number, dueNs: number): void {
    const { timers, clock, send } = this.#settings;
    this.#dueNs[connection] = dueNs;
    timers.at(dueNs, () => {
      if (this.#dueNs[connection] === dueNs) send(connection, clock.now());
    });
  }
}
