/**
 * What will stop an nginx, foretold from its config and from the limits of the machine it is to run on. Pure.
 */
import type { ConfigFacts } from "../../../diagnosis/config-facts.js";
import type { Admission, ForetoldLimit, MachineLimits } from "../../../diagnosis/limit.js";
import type { Quote } from "../../../diagnosis/quote.js";
import { upstreamPorts } from "../../upstream-ports.js";
import { outermost, quoteOf } from "../language/nginx-tree.js";
import { type ConfigView, hopsOf } from "./config-view.js";
import { limitConn, limitReq } from "./keyed-limits.js";
import { type WorkerRoom, workerRoom } from "./worker-room.js";

export interface NginxForetelling {
  readonly view: ConfigView;
  readonly facts: ConfigFacts;
  readonly autoWorkers: number;
  /** Addresses of the backend that connections are spread over. */
  readonly backendAddresses: number;
  /** Whether wsrally chose worker_connections and open files, by the workload. */
  readonly isSized: boolean;
}

export function nginxLimits(foretelling: NginxForetelling, machine: MachineLimits): ForetoldLimit[] {
  return [
    workerConnections(foretelling),
    ...workerFiles(foretelling, machine),
    ...upstreamPorts(machine, foretelling.backendAddresses),
    ...limitConn(foretelling.facts, machine),
    ...limitReq(foretelling.facts),
    backlog(foretelling.facts, machine),
  ];
}

function workerConnections({ view, autoWorkers, isSized }: NginxForetelling): ForetoldLimit {
  const { tree } = view;
  const hops = hopsOf(view);
  const room = workerRoom(tree, { autoWorkers, hops: hops.most });
  const { quote, each, processes, connectionsEach, most, atOnce } = room;
  const isDefault = outermost(tree, "worker_connections") === null;
  return {
    name: "worker-connections",
    unit: "connections",
    foretold: atOnce,
    directive: `events { worker_connections ${each}; }${isDefault ? " (the default)" : ""}`,
    note: `${connectionsEach} of worker_connections a WebSocket, worker_processes ${processes}; below a free sixteenth nginx closes newcomers, so ${most} only where they come one by one${isSized ? "; wsrally sized it to the workload" : ""}`,
    provenBy: ["worker-connections", "connections-short"],
    // What is sure is what holds on the shortest way through the config.
    admission: isSized ? null : roomAdmission(workerRoom(tree, { autoWorkers, hops: hops.least }), quote),
  };
}

/** Above this share of the room a few connections more or less in one worker decide. */
const scarceShare = 0.85;

function roomAdmission(room: WorkerRoom, quote: Quote): Admission {
  const { workers, most, atOnce } = room;
  return {
    quote,
    isCertain: true,
    // A pace leaves each of them the time to send its request, and none of them is a newcomer to be closed.
    letsIn: ({ perS }) => (perS === null ? atOnce : most),
    oneByOne: most,
    caveat: ({ connections }) => {
      if (connections > atOnce) return `only ${atOnce} where several come at once`;
      return workers > 1 && connections > atOnce * scarceShare
        ? `its ${workers} workers do not share connections evenly, and one may be full while another has room`
        : null;
    },
    cure: (connections) => `worker_connections ${workerConnectionsFor(connections, room)}`,
  };
}

/** A power of two, as people write them. */
function workerConnectionsFor(connections: number, { workers, atOnceOf }: WorkerRoom): number {
  let each = 512;
  while (workers * atOnceOf(each) < connections) each *= 2;
  return each;
}

/** Listening sockets, channels, epoll, logs and what the worker inherited; 11 were seen with one of each. */
const ownFiles = 16;

function workerFiles(
  { view, facts, isSized }: NginxForetelling,
  { maxOpenFiles }: MachineLimits,
): ForetoldLimit[] {
  const directive = outermost(view.tree, "worker_rlimit_nofile");
  const written = directive === null ? null : Number(directive.args[0]);
  const known = [written, maxOpenFiles].filter((files) => files !== null);
  if (known.length === 0) return [];
  const files = Math.min(...known);
  const { workers, filesPerConnection } = facts;
  const foretold = workers * Math.floor((files - ownFiles) / filesPerConnection);
  const least = 2 * (1 + hopsOf(view).least);
  const isMachines = directive === null || written === null || written > files;
  return [
    {
      name: "proxy-descriptors",
      unit: "connections",
      foretold,
      directive: isMachines ? `ulimit -n ${files}` : `worker_rlimit_nofile ${files};`,
      note: `${filesPerConnection} open files a WebSocket in each of ${workers} worker${workers === 1 ? "" : "s"}`,
      provenBy: ["no-descriptors"],
      admission:
        isMachines || (isSized && directive.origin === null)
          ? null
          : {
              quote: quoteOf(directive),
              isCertain: true,
              letsIn: () => workers * Math.floor((files - ownFiles) / least),
              oneByOne: null,
              caveat: () => null,
              cure: (connections) =>
                `worker_rlimit_nofile ${Math.ceil(connections / workers) * filesPerConnection + ownFiles}`,
            },
    },
  ];
}

function backlog({ backlog: { value } }: ConfigFacts, { listenBacklog }: MachineLimits): ForetoldLimit {
  const isKernels = listenBacklog !== null && listenBacklog < value;
  return {
    name: "listen-backlog",
    unit: "handshakes at once",
    foretold: isKernels ? listenBacklog : value,
    directive: isKernels ? `net.core.somaxconn ${listenBacklog}` : `listen … backlog=${value}`,
    note: "connections that wait to be accepted; beyond it clients wait for a SYN to be sent again",
    provenBy: [],
    admission: null,
  };
}
