/**
 * One monotonic clock for every thread and process of a run. `performance.now()` is the cheapest clock Node
 * has but starts at zero in each thread, so its offset to CLOCK_MONOTONIC is taken once, when this loads. It is
 * imported, for the global of its name is a getter, which a reading on the hot path would pay for.
 */
import { performance } from "node:perf_hooks";
import type { Ns } from "./units.js";

export interface Clock {
  /** Nanoseconds of CLOCK_MONOTONIC: comparable between the threads and processes of one machine. */
  now(): Ns;
}

/** The offset with the least time between the two readings, out of a few tries. */
function monotonicOffsetNs(): number {
  let best = { offset: 0, gap: Number.POSITIVE_INFINITY };
  for (let attempt = 0; attempt < 8; attempt++) {
    const before = performance.now();
    const monotonic = Number(process.hrtime.bigint());
    const after = performance.now();
    if (after - before < best.gap) {
      best = { offset: monotonic - ((before + after) / 2) * 1e6, gap: after - before };
    }
  }
  return best.offset;
}

const offsetNs = monotonicOffsetNs();

export const monotonicClock: Clock = {
  now: () => Math.round(offsetNs + performance.now() * 1e6) as Ns,
};
