/**
 * From the kernel's receive stamps, which are CLOCK_REALTIME, to CLOCK_MONOTONIC, which everything else is in and
 * which threads and processes share.
 */
import { monotonicNs, realtimeNs } from "./system-clock.js";

const attempts = 16;

/**
 * Both clocks are slewed alike, so their distance changes only when somebody sets the time (clock_settime(2), a step
 * of NTP, a leap second). Measured to within half of the time between two readings of one clock, about 0.1 µs.
 */
export class RealtimeOffset {
  #offsetNs = 0;

  constructor() {
    this.measure();
  }

  /**
   * Measures the distance again, in 4 µs.
   * @returns by how much it differs from what it was, in nanoseconds: the clock was set if that is more than 1 µs
   */
  measure(): number {
    const before = this.#offsetNs;
    let leastGapNs = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const start = monotonicNs();
      const real = realtimeNs();
      const end = monotonicNs();
      // The least time between the two readings leaves the least room for an error.
      if (end - start >= leastGapNs) continue;
      leastGapNs = end - start;
      this.#offsetNs = Math.round((start + end) / 2) - real;
    }
    return this.#offsetNs - before;
  }

  /**
   * @param stampNs nanoseconds since `realtimeEpochS`, from `StampedReceiver.stampNs` or `realtimeNs`
   * @returns nanoseconds of CLOCK_MONOTONIC
   */
  monotonicOf(stampNs: number): number {
    return stampNs + this.#offsetNs;
  }

  /** The other way round: when a moment of CLOCK_MONOTONIC is, as stamps have it. */
  realtimeOf(monotonicNs: number): number {
    return monotonicNs - this.#offsetNs;
  }
}
