/**
 * How many connections every arm holds: opened, upgraded, and alive by heartbeats and a message each, until one number
 * breaks.
 */
import type { CapacityArm } from "./capacity-observer.js";
import type { CapacityWork } from "./capacity-work.js";
import { type ConnectionProbe, searchConnections } from "./connection-search.js";

/** The search begins at this share of what is foretold. */
const firstShare = 1 / 4;
const heartbeatsPerHold = 2;
const shortestHeartbeatS = 0.1;

interface Search {
  readonly planned: CapacityArm;
  readonly bounds: { readonly first: number; readonly most: number };
  readonly history: ConnectionProbe[];
}

export async function findConnections({ settings, arms, run, hasTime }: CapacityWork): Promise<void> {
  const { holdS, mostConnections: most } = settings;
  const searches = arms.map(
    (planned): Search => ({ planned, bounds: { first: firstConnections(planned, most), most }, history: [] }),
  );
  for (;;) {
    const next = searches.flatMap((search) => {
      const state = searchConnections(search.bounds, search.history);
      return state.kind === "probe" ? [{ search, connections: state.connections }] : [];
    });
    if (next.length === 0) return;
    for (const { search, connections } of next) {
      if (!hasTime()) return;
      const { outcome, record } = await run(search.planned.arm, {
        kind: "connections",
        load: { ratePerS: connections / holdS, warmupS: 0, durationS: holdS },
        changes: { connections, heartbeatS: Math.max(shortestHeartbeatS, holdS / heartbeatsPerHold) },
      });
      search.history.push({ connections, outcome, held: record.connections.held });
    }
  }
}

function firstConnections({ foretold }: Pick<CapacityArm, "foretold">, most: number): number {
  const known = foretold.flatMap((limit) =>
    limit.unit === "connections" && limit.foretold !== null ? [limit.foretold] : [],
  );
  return Math.max(1, Math.floor(Math.min(most, ...known) * firstShare));
}
