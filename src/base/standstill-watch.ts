/**
 * Sees that its process stood still: stopped by a signal, a debugger or a frozen container, or left without a processor. A
 * timer comes too late by as long as that was.
 */
import type { Ns } from "./units.js";

/** A longer standstill is seen to within this; a timer ten times a second costs nothing that is measured. */
const beatMs = 100;

export class StandstillWatch {
  readonly #timer: NodeJS.Timeout;
  #lastMs = performance.now();
  #longestMs = 0;

  constructor() {
    this.#timer = setInterval(() => this.#beat(), beatMs).unref();
  }

  /** @returns the longest since the last call, or since it began */
  take(): Ns {
    this.#beat();
    const longestMs = this.#longestMs;
    this.#longestMs = 0;
    return Math.round(longestMs * 1e6) as Ns;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    const nowMs = performance.now();
    this.#longestMs = Math.max(this.#longestMs, nowMs - this.#lastMs - beatMs);
    this.#lastMs = nowMs;
  }
}
