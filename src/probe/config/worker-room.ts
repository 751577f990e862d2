/**
 * How many WebSockets an nginx config has room for by its worker_connections: what `probe` and `capacity` foretell.
 */
import { availableParallelism } from "node:os";
import { type Directive, walk } from "../../proxy/nginx/nginx-tree.js";
import { ownHopDepth } from "../../proxy/nginx/own-hops.js";
import { topLevelWord } from "./config-times.js";

const defaultWorkerConnections = 512;
/** Both sides of a server. */
const connectionsEachServer = 2;
/**
 * With less than a sixteenth of its connections free, a worker makes room by closing those that have not sent their
 * request yet (ngx_drain_connections in ngx_connection.c).
 */
const reserveShare = 1 / 16;

export interface WorkerRoom {
  /** worker_connections as written, and as it holds. */
  readonly written: string | null;
  readonly each: number;
  /** worker_processes as written, and how many that is on this machine. */
  readonly processes: string;
  readonly workers: number;
  /** That one WebSocket takes: two for every server of the config that it goes through. */
  readonly connectionsEach: number;
  /** WebSockets in all, where the workers share them evenly and they come one at a time. */
  readonly most: number;
  /** The same where many come at once, of which nginx closes some once its reserve is touched. */
  readonly atOnce: number;
  /** WebSockets that one worker has room for with so many connections of its own. */
  pairsIn(connections: number): number;
}

export function workerRoom(tree: readonly Directive[]): WorkerRoom {
  const written = topLevelWord({ tree }, "worker_connections");
  const each = Number(written ?? defaultWorkerConnections);
  const processes = topLevelWord({ tree }, "worker_processes") ?? "1";
  const workers = processes === "auto" ? availableParallelism() : Number(processes);
  const listeners = new Set(
    [...walk(tree)]
      .filter(({ node, path }) => node.name === "listen" && path.at(-1)?.name === "server")
      .map(({ node }) => node.args[0]),
  ).size;
  // Measured: a worker keeps one for each listening socket and one for its channel to the master.
  const kept = Math.max(1, listeners) + 1;
  const connectionsEach = connectionsEachServer * (1 + ownHopDepth(tree));
  const pairsIn = (connections: number): number =>
    Math.max(0, Math.floor((connections - kept) / connectionsEach));
  return {
    written,
    each,
    processes,
    workers,
    connectionsEach,
    most: workers * pairsIn(each),
    atOnce: workers * pairsIn(each - Math.ceil(each * reserveShare)),
    pairsIn,
  };
}
