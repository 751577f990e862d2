/**
 * How long a client waits before it tries to connect again. Pure.
 */
import type { Prng } from "../base/prng.js";
import type { ReconnectKind } from "./messages.js";

/** A client that does not think: at once, and a refused one again and again. */
const refusedWaitMs = 100;
/** A client that waits, but not as long as it takes, and not apart from the others. */
const fixedWaitMs = 1000;
/** Doubled with every try, up to the most. */
const firstBackoffMs = 500;
const mostBackoffMs = 10_000;
/** Beyond it the wait is the most anyway. */
const doublingsMost = 16;

/**
 * `at-once` is 0 and then a fixed 100 ms; `fixed` is always a second; `backoff` is exponential with full jitter: a random share of
 * min(10 s, 0.5 s · 2^try) (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015), the first try
 * included.
 * @param tries that have failed since the connection was lost
 * @returns milliseconds
 */
export function backoffMs(kind: ReconnectKind, tries: number, prng: Prng): number {
  if (kind === "at-once") return tries === 0 ? 0 : refusedWaitMs;
  if (kind === "fixed") return fixedWaitMs;
  return prng.nextFloat() * Math.min(mostBackoffMs, firstBackoffMs * 2 ** Math.min(tries, doublingsMost));
}
