/** How an engine shares itself out in the phases of a trial. */
import type { EngineTuning } from "./engine.js";

/** Under load the thread's messages have a turn a few times a second; between phases there is time enough. */
const loadYieldNs = 200e6;
const idleYieldNs = 1e6;
/** A closed loop is bound by the processor, which a stamp takes 0.3 µs of: enough are sampled for every percentile. */
const closedStampEvery = 8;

/**
 * @param ratePerS null in a closed loop
 * @param stampsAll whether something is timed that must not be missed
 */
export function tuningUnder(ratePerS: number | null, stampsAll: boolean): EngineTuning {
  const isSampled = ratePerS === null && !stampsAll;
  return { yieldEveryNs: loadYieldNs, stampEvery: isSampled ? closedStampEvery : 1 };
}

export const idleTuning: EngineTuning = { yieldEveryNs: idleYieldNs, stampEvery: 1 };
