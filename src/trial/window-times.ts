/**
 * When a trial's load starts, is measured, and ends. What everybody has used is read just outside the window, with the
 * load going on: the reader runs for 1 to 2 ms on a processor that generator and backend may need. (Measured on two
 * processors, 5,500 messages a second: read at the edges themselves, it kept 20 messages waiting for up to 2 ms, a third
 * of the slowest hundredth, and the p99 of a round trip was 526 µs instead of 452.)
 */
import type { StartOrder } from "../load/messages.js";

/** The readings before the window have to be done when it opens: they take up to 3 ms, and timers a millisecond. */
const leadNs = 6e6;
/** By then replies to the window's last messages have come, but for a few. */
const lagNs = 2e6;
const sendOnNs = 7e6;

type WindowTimes = Pick<StartOrder, "startNs" | "measureNs" | "endNs" | "readingsNs" | "sendUntilNs">;

/** Without a warm-up nothing is sent outside of the window, and with a short one no more than in it. */
export function windowTimes(
  startNs: number,
  { warmupNs, durationNs }: { readonly warmupNs: number; readonly durationNs: number },
): WindowTimes {
  const measureNs = startNs + warmupNs;
  const endNs = measureNs + durationNs;
  const atMost = (ns: number): number => Math.min(ns, warmupNs);
  return {
    startNs,
    measureNs,
    endNs,
    readingsNs: { first: measureNs - atMost(leadNs), last: endNs + atMost(lagNs) },
    sendUntilNs: endNs + atMost(sendOnNs),
  };
}

/** For how long there was load between two moments: a reading that comes late may find that it has ended. */
export function loadedNs(
  { startNs, sendUntilNs }: Pick<WindowTimes, "startNs" | "sendUntilNs">,
  fromNs: number,
  toNs: number,
): number {
  return Math.max(0, Math.min(toNs, sendUntilNs) - Math.max(fromNs, startNs));
}
