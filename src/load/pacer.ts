/**
 * An open loop's schedule as a pure function: when the n-th message of a thread falls due. Messages of a thread go
 * round its connections, so that every connection sends at the same rate and no two in the same instant; the threads'
 * schedules are shifted against each other by `phase`, so that together they are as even as one.
 */
export interface Pacer {
  /** Nanoseconds from the start at which message number `index` (from 0) falls due. */
  dueNs(index: number): number;
}

/**
 * @param ratePerS messages a second of this thread
 * @param phase in [0, 1): this thread's shift, as a share of the time between two of its messages
 */
export function createUniformPacer(ratePerS: number, phase: number): Pacer {
  const intervalNs = 1e9 / ratePerS;
  return { dueNs: (index) => (index + phase) * intervalNs };
}
