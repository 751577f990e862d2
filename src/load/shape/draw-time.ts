/** Draws one of many times. */
import type { Prng } from "../../base/prng.js";
import type { TimeSpread } from "../../scenario/time-spread.js";

/** @returns nanoseconds */
export function drawNs(spread: TimeSpread, prng: Prng): number {
  const share = prng.nextFloat();
  const seconds =
    spread.kind === "exponential"
      ? -spread.meanS * Math.log(1 - share)
      : spread.leastS + share * (spread.mostS - spread.leastS);
  return seconds * 1e9;
}

/** What is left of such a time that began some while ago. @returns nanoseconds */
export function drawRestNs(spread: TimeSpread, prng: Prng): number {
  // Of exponential times none has grown old.
  return spread.kind === "exponential" ? drawNs(spread, prng) : prng.nextFloat() * drawNs(spread, prng);
}
