/**
 * An open loop's schedule: when each message of a thread falls due, one after the other. Messages of a thread go round
 * its connections, so that every connection sends at the same rate and no two in the same instant.
 */
import { createPrng, type Prng } from "../base/prng.js";
import type { StartOrder } from "./messages.js";

export interface Pacer {
  /** When the next message falls due, in nanoseconds from the start; never less than the one before. */
  nextNs(): number;
}

/** The schedule that a thread was ordered. */
export function createPacer({ ratePerS, arrivals, phase }: StartOrder, seed: number): Pacer {
  const perS = ratePerS ?? 0;
  return arrivals === "poisson"
    ? createPoissonPacer(perS, createPrng(seed))
    : createUniformPacer(perS, phase);
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
