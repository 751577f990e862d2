/**
 * When in a trial the hypervisor took processor time: /proc/stat every tenth of a second. (Measured on two processors: 36 µs
 * a reading. The kernel adds up all processors for it, so that on a machine of many it is left be.)
 */
import { monotonicClock } from "../base/clock.js";
import { readMachineTime } from "./machine-load.js";

const everyMs = 100;
/** A reading that takes longer would be felt by the generator. */
const longestReadingNs = 200e3;

export interface StealWatch {
  /** Nanoseconds taken in readings that this time touches; null where it was not watched. */
  stolenNs(fromNs: number, toNs: number): number | null;
  stop(): void;
}

export function watchSteal(): StealWatch {
  const samples: { readonly atNs: number; readonly stealNs: number }[] = [];
  const sample = (): void => {
    const machine = readMachineTime();
    if (machine !== null) samples.push({ atNs: monotonicClock.now(), stealNs: machine.stealNs });
  };
  // The first reading is slow for other reasons.
  readMachineTime();
  const beginNs = monotonicClock.now();
  sample();
  const isCheap = monotonicClock.now() - beginNs <= longestReadingNs && samples.length > 0;
  const timer = isCheap ? setInterval(sample, everyMs) : undefined;
  return {
    stolenNs: (fromNs, toNs) => stolenBetween(samples, fromNs, toNs),
    stop: () => clearInterval(timer),
  };
}

/** @param samples in order of time @returns null for a time that the samples do not cover */
export function stolenBetween(
  samples: readonly { readonly atNs: number; readonly stealNs: number }[],
  fromNs: number,
  toNs: number,
): number | null {
  const before = samples.findLast(({ atNs }) => atNs <= fromNs);
  const after = samples.find(({ atNs }) => atNs >= toNs);
  return before === undefined || after === undefined ? null : after.stealNs - before.stealNs;
}
