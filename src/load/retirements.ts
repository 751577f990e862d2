/** Connections that take no more messages: each is closed once all of its own are answered, or have had time enough. */
import type { Clock } from "../base/clock.js";
import type { Timers } from "../base/timers.js";
import type { Exchanges } from "./exchanges.js";

interface RetirementSettings {
  readonly exchanges: Pick<Exchanges, "isIdle">;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly close: (connection: number) => void;
}

/** What is under way on one is waited for so long. */
const limitNs = 5e9;
const lookEveryNs = 1e6;

export class Retirements {
  readonly #settings: RetirementSettings;
  /** Until when each is waited for. */
  readonly #waiting = new Map<number, number>();
  #isLooking = false;

  constructor(settings: RetirementSettings) {
    this.#settings = settings;
  }

  /** Never closed at once: who is to retire may just have been opened. */
  add(connection: number): void {
    this.#waiting.set(connection, this.#settings.clock.now() + limitNs);
    if (!this.#isLooking) this.#lookAt(this.#settings.clock.now());
  }

  /** It is to stay, or is over. */
  drop(connection: number): void {
    this.#waiting.delete(connection);
  }

  /** All that wait. */
  list(): readonly number[] {
    return [...this.#waiting.keys()];
  }

  #lookAt(timeNs: number): void {
    const { timers, exchanges, clock, close } = this.#settings;
    this.#isLooking = true;
    timers.at(timeNs, () => {
      this.#isLooking = false;
      const nowNs = clock.now();
      const ready = [...this.#waiting].filter(([one, untilNs]) => exchanges.isIdle(one) || nowNs > untilNs);
      for (const [connection] of ready) {
        this.#waiting.delete(connection);
        close(connection);
      }
      if (this.#waiting.size > 0 && !this.#isLooking) this.#lookAt(nowNs + lookEveryNs);
    });
  }
}
