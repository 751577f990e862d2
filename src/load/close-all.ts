/** The closing handshakes at a trial's end. */
import { monotonicClock } from "../base/clock.js";
import type { Deferred } from "../base/deferred.js";
import type { Engine } from "./engine.js";
import type { OpenConnections } from "./open-connections.js";
import type { Waits } from "./waits.js";

/** How long they may take before what is left is cut. */
const closeTimeoutNs = 2e9;

/** @param allClosed woken when the last is over */
export async function closeAll(
  open: OpenConnections,
  engine: Pick<Engine, "close">,
  waits: Waits,
  allClosed: Deferred<void>,
): Promise<void> {
  if (open.count === 0) return;
  for (const connection of open.list()) engine.close(connection);
  await waits.within(allClosed, monotonicClock.now() + closeTimeoutNs);
}
