/**
 * Clients beside the load's, to which an event happens while the others go on.
 */
import { createDeferred } from "../../base/deferred.js";
import type { Target } from "../../load/messages.js";
import { rowOf } from "../../load/rows.js";
import { WsConnection } from "../../load/ws-connection.js";

interface BesideClients {
  readonly connections: readonly WsConnection[];
  /** Whose connections have ended, or never opened. */
  lost(): number;
  stop(): void;
}

/** An arm has room for so many more than its load's. */
const most = 100;
const handshakeTimeoutMs = 10_000;

export function besideCount(share: number, clients: number): number {
  return Math.max(1, Math.min(most, Math.round(share * clients)));
}

/**
 * What a proxy's memory grew by, over the clients that it grew for; null where it is not seen, or where nothing was seen of
 * them: what it had at hand was enough.
 */
export function grownEach(before: number | null, after: number | null, clients: number): number | null {
  const isSeen = before !== null && after !== null && after > before && clients > 0;
  return isSeen ? (after - before) / clients : null;
}

/** Resolves when all are open, or cannot be opened, which counts as lost. */
export async function openBeside(target: Target, count: number, maxPayload: number): Promise<BesideClients> {
  const common = {
    target,
    handshakeTimeoutMs,
    readsRefusals: false,
    sizes: { maxPayload },
    sessions: { first: null },
  };
  let lostCount = 0;
  const settled: Promise<void>[] = [];
  const connections = Array.from({ length: count }, (_, index) => {
    const { promise, resolve } = createDeferred();
    settled.push(promise);
    const lost = (): void => {
      lostCount++;
      resolve();
    };
    const port = target.ports[index % target.ports.length] as number;
    return new WsConnection(
      common,
      { port, row: rowOf(target.rows, index) },
      {
        opened: () => resolve(),
        failed: lost,
        closed: lost,
        message: () => undefined,
        pong: () => undefined,
        took: () => undefined,
      },
    );
  });
  await Promise.all(settled);
  return {
    connections,
    lost: () => lostCount,
    stop() {
      for (const connection of connections) connection.drop();
    },
  };
}
