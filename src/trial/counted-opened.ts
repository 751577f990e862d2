/** How many connections a load has opened, where its figures may come from other hosts. */
import { setTimeout as sleep } from "node:timers/promises";
import type { RunningLoad } from "./run-load.js";

/** Agents say five times a second how far they are. */
const settleMs = 600;
const pollMs = 10;

/** Shorter than that, what is looked at so seldom tells no rate. */
const leastElsewhereNs = 2e9;

/** Once all of them are counted, opened or not, or nothing more is said. */
export async function countedOpened({ live }: Pick<RunningLoad, "live">, requested: number): Promise<number> {
  const isCounted = (): boolean => live().opened + live().failed >= requested;
  for (let waitedMs = 0; waitedMs < settleMs && !isCounted(); waitedMs += pollMs) await sleep(pollMs);
  return live().opened;
}

/** The least time in which a rate of opening can be told. @param isHere whether this machine makes the load */
export function leastOpeningNs(isHere: boolean): number {
  return isHere ? 0 : leastElsewhereNs;
}
