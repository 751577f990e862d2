/** The time between two trials, and what is done in it. */
import { setTimeout as sleep } from "node:timers/promises";

/** So that closing sockets do not run into the next trial (docs/statistics.md, Limits). */
const pauseMs = 100;

/** What is done with trials' records is done while the sockets settle. Aborted, it is still done to its end. */
export async function storeInPause(store: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const pause = sleep(pauseMs, undefined, { signal });
  pause.catch(() => undefined);
  await store();
  await pause;
}
