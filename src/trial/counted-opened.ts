/** What a load has opened, where its figures may come from other hosts. */
import { setTimeout as sleep } from "node:timers/promises";
import type { LiveFigures } from "../load/live-figures.js";
import type { RunningLoad } from "./run-load.js";

/** Agents say five times a second how far they are. */
const settleMs = 600;
const pollMs = 10;

/** Once all connections are counted, opened or not, or nothing more is said. */
export async function countedOpened(
  { live }: Pick<RunningLoad, "live">,
  requested: number,
): Promise<LiveFigures> {
  const isCounted = (): boolean => live().opened + live().failed >= requested;
  for (let waitedMs = 0; waitedMs < settleMs && !isCounted(); waitedMs += pollMs) await sleep(pollMs);
  return live();
}
