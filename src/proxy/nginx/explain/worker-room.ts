/**
 * How many worker processes an nginx config comes to, and how many WebSockets it has room for by its
 * worker_connections: what `probe` and `capacity` foretell, and a run is checked against.
 */
import { availableParallelism, cpus } from "node:os";
import type { Quote } from "../../../diagnosis/quote.js";
import { type Directive, outermost, quoteOf, walk } from "../language/nginx-tree.js";

const defaultWorkerConnections = 512;
/** Both sides of a server. */
const connectionsEachServer = 2;
/**
 * With less than a sixteenth of its connections free, a worker makes room by closing those that have not sent their
 * request yet (ngx_drain_connections in ngx_connection.c).
 */
const reserveShare = 1 / 16;

export interface WorkerRoom {
  /** worker_connections as it holds, and as it is written. */
  readonly each: number;
  readonly quote: Quote;
  /** worker_processes as written, and how many that is on this machine. */
  readonly processes: string;
  readonly workers: number;
  /** That one WebSocket takes: two for every server of the config that it goes through. */
  readonly connectionsEach: number;
  /** WebSockets in all, where the workers share them evenly and they come one at a time. */
  readonly most: number;
  /** The same where many come at once, of which nginx closes some once its reserve is touched. */
  readonly atOnce: number;
  /** WebSockets that one worker has room for with so many connections of its own; and where they come at once. */
  pairsIn(connections: number): number;
  atOnceOf(connections: number): number;
}

export interface RoomTerms {
  /** What `worker_processes auto` comes to. */
  readonly autoWorkers: number;
  /** Servers of the config's own that a WebSocket goes through beyond the first. */
  readonly hops: number;
}

export function workerRoom(tree: readonly Directive[], { autoWorkers, hops }: RoomTerms): WorkerRoom {
  const written = outermost(tree, "worker_connections");
  const each = Number(written?.args[0] ?? defaultWorkerConnections);
  const workers = workersOf(tree, autoWorkers);
  const listeners = new Set(
    [...walk(tree)]
      .filter(({ node, path }) => node.name === "listen" && path.at(-1)?.name === "server")
      .map(({ node }) => node.args[0]),
  ).size;
  // Measured: a worker keeps one for each listening socket and one for its channel to the master.
  const kept = Math.max(1, listeners) + 1;
  const connectionsEach = connectionsEachServer * (1 + hops);
  const pairsIn = (connections: number): number =>
    Math.max(0, Math.floor((connections - kept) / connectionsEach));
  const atOnceOf = (connections: number): number =>
    pairsIn(connections - Math.ceil(connections * reserveShare));
  return {
    each,
    quote:
      written === null ? { text: `worker_connections ${each} by default`, place: null } : quoteOf(written),
    processes: outermost(tree, "worker_processes")?.args[0] ?? "1",
    workers,
    connectionsEach,
    most: workers * pairsIn(each),
    atOnce: workers * atOnceOf(each),
    pairsIn,
    atOnceOf,
  };
}

/** Without a master there is one process, which does everything itself. */
export function hasMaster(tree: readonly Directive[]): boolean {
  return outermost(tree, "master_process")?.args[0] !== "off";
}

function workersOf(tree: readonly Directive[], autoWorkers: number): number {
  if (!hasMaster(tree)) return 1;
  const written = outermost(tree, "worker_processes")?.args[0] ?? "1";
  return written === "auto" ? autoWorkers : Number(written);
}

/**
 * Workers that `auto` makes: nginx counts the processors that are online (sysconf(3)), which glibc takes for all of the
 * machine's, and musl for those that the process may use.
 * @param build what `nginx -V` says; null where it is not known which nginx it will be
 */
export function autoWorkersOf(build: string | null): number {
  const usable = availableParallelism();
  return build !== null && /\bAlpine\b|\bmusl\b/.test(build) ? usable : Math.max(usable, cpus().length);
}
