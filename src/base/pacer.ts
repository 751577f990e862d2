/**
 * An open loop's schedule: when each message falls due, one after the other. Who sends goes round his connections, so that
 * every connection sends at the same rate and no two in the same instant.
 */
import { createPrng, type Prng } from "./prng.js";

export interface Pacer {
  /** When the next message falls due, in nanoseconds from the start; never less than the one before. */
  nextNs(): number;
}

interface Schedule {
  readonly ratePerS: number;
  readonly arrivals: "uniform" | "poisson";
  /** In [0, 1): the shift of evenly spaced messages, as a share of the time between two. */
  readonly phase: number;
}

/** The schedule that somebody was ordered. */
export function createPacer({ ratePerS, arrivals, phase }: Schedule, seed: number): Pacer {
  return arrivals === "poisson"
    ? createPoissonPacer(ratePerS, createPrng(seed))
    : createUniformPacer(ratePerS, phase);
}

/**
 * Evenly spaced. The threads' schedules are shifted against each other by `phase`, so that together they are as even
 * as one.
 * @param ratePerS messages a second of this thread
 * @param phase in [0, 1): this thread's shift, as a share of the time between two of its messages
 */
export function createUniformPacer(ratePerS: number, phase: number): Pacer {
  const intervalNs = 1e9 / ratePerS;
  let index = 0;
  return { nextNs: () => (index++ + phase) * intervalNs };
}

/**
 * Poisson arrivals, as of many users who know nothing of each other: exponential gaps, by inversion
 * (Devroye, Non-Uniform Random Variate Generation, 1986, II.2). Threads are independent, and so is their sum.
 */
export function createPoissonPacer(ratePerS: number, prng: Prng): Pacer {
  const intervalNs = 1e9 / ratePerS;
  let dueNs = 0;
  return {
    nextNs() {
      dueNs += -Math.log(1 - prng.nextFloat()) * intervalNs;
      return dueNs;
    },
  };
}
