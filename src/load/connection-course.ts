/**
 * How many of a thread's connections are wanted over time, as `stages` of connections say: held, or going evenly from one
 * number to another. Those with the lowest numbers are up.
 */
import type { Leg } from "../scenario/stages.js";

/** Of the whole arm; which of the arm's threads this is, of how many. */
export interface CourseOrder {
  readonly legs: readonly Leg[];
  readonly index: number;
  readonly threads: number;
}

/** The next look at a number that changes is not sooner, however steep it goes. */
const leastStepNs = 1e6;

/** This thread's connections of so many of the arm: the threads' add up, and differ by one at the most. */
export function connectionsOfThread(
  wanted: number,
  { index, threads }: Pick<CourseOrder, "index" | "threads">,
): number {
  return Math.floor((Math.floor(wanted) + threads - 1 - index) / threads);
}

/** What the legs say of a moment: before them the first value holds, behind them the last. */
function valueAt(legs: readonly Leg[], timeS: number): number {
  let startS = 0;
  for (const { forS, from, to } of legs) {
    if (timeS < startS + forS) return from + (Math.max(0, timeS - startS) / forS) * (to - from);
    startS += forS;
  }
  return legs.at(-1)?.to ?? 0;
}

/** Connections of the whole arm at a moment, in seconds from the first leg's start. */
export function connectionsAt(legs: readonly Leg[], timeS: number): number {
  // A number that rounding has put a hair below a whole one is that.
  return Math.floor(valueAt(legs, timeS) + 1e-9);
}

export class ConnectionCourse {
  readonly #order: CourseOrder;
  readonly #startNs: number;
  readonly #endNs: number;

  /** @param window in which the legs are gone through; what is behind its end is as it is there */
  constructor(order: CourseOrder, window: { readonly measureNs: number; readonly endNs: number }) {
    this.#order = order;
    this.#startNs = window.measureNs;
    this.#endNs = window.endNs;
  }

  /** Connections of this thread that are wanted at a moment of the shared clock. */
  wantedAt(nowNs: number): number {
    const timeS = (Math.min(nowNs, this.#endNs) - this.#startNs) / 1e9;
    return connectionsOfThread(connectionsAt(this.#order.legs, timeS), this.#order);
  }

  /**
   * What was wanted since another moment, the last as of now: a look that comes late leaves out neither peak nor trough.
   */
  wantedSince(beforeNs: number, nowNs: number): number[] {
    let legEndNs = this.#startNs;
    const turns = this.#order.legs.flatMap(({ forS, to }) => {
      legEndNs += forS * 1e9;
      const isPast = legEndNs > beforeNs && legEndNs <= Math.min(nowNs, this.#endNs);
      return isPast ? [connectionsOfThread(to, this.#order)] : [];
    });
    return [...turns, this.wantedAt(nowNs)];
  }

  /** When the number may be another one; infinity when it stays. */
  nextNs(nowNs: number): number {
    if (nowNs < this.#startNs) return this.#startNs;
    let legStartNs = this.#startNs;
    for (const { forS, from, to } of this.#order.legs) {
      const legEndNs = legStartNs + forS * 1e9;
      if (nowNs < legEndNs) {
        if (from === to) return legEndNs;
        const eachNs = (legEndNs - legStartNs) / Math.abs(to - from);
        return Math.min(legEndNs, nowNs + Math.max(leastStepNs, eachNs / 2));
      }
      legStartNs = legEndNs;
    }
    return Number.POSITIVE_INFINITY;
  }
}

/** Connections of a thread that are opened before the load begins. */
export function connectionsAtStart({
  connections,
  upkeep,
}: {
  readonly connections: number;
  readonly upkeep: { readonly course?: CourseOrder | null } | null;
}): number {
  const course = upkeep?.course ?? null;
  return course === null ? connections : connectionsOfThread(connectionsAt(course.legs, 0), course);
}
