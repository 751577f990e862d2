/**
 * Waiting on an engine that keeps the thread to itself: whoever is woken runs only when the engine lets go.
 */
import { createDeferred, type Deferred } from "../base/deferred.js";
import type { Engine } from "./engine.js";

export class Waits {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Wakes who waits for it. */
  wake(deferred: Deferred<void>): void {
    deferred.resolve();
    this.#engine.yieldSoon();
  }

  sleepUntil(timeNs: number): Promise<void> {
    const elapsed = createDeferred();
    this.#engine.timers.at(timeNs, () => this.wake(elapsed));
    return elapsed.promise;
  }

  /** Waits for it, but no longer than until then. */
  async within({ promise }: Deferred<void>, timeNs: number): Promise<void> {
    const timeout = createDeferred();
    const cancel = this.#engine.timers.at(timeNs, () => this.wake(timeout));
    await Promise.race([promise, timeout.promise]);
    cancel();
  }
}
