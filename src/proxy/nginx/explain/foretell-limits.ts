/**
 * What will stop an nginx, foretold from its config and from the limits of the machine it is to run on. Pure.
 */
import type { ConfigFacts } from "../../../diagnosis/config-facts.js";
import type { ForetoldLimit, MachineLimits } from "../../../diagnosis/limit.js";
import { upstreamPorts } from "../../upstream-ports.js";
import { type Directive, outermost, quoteOf } from "../nginx-tree.js";
import { workerRoom } from "./worker-room.js";

export interface NginxForetelling {
  readonly tree: readonly Directive[];
  readonly facts: ConfigFacts;
  readonly autoWorkers: number;
  /** Addresses of the backend that connections are spread over. */
  readonly backendAddresses: number;
  /** Whether wsrally chose worker_connections, by the workload. */
  readonly isSized: boolean;
}

export function nginxLimits(foretelling: NginxForetelling, machine: MachineLimits): ForetoldLimit[] {
  return [
    workerConnections(foretelling),
    ...workerFiles(foretelling, machine),
    ...upstreamPorts(machine, foretelling.backendAddresses),
    ...limitConn(foretelling.facts),
    backlog(foretelling.facts, machine),
  ];
}

function workerConnections({ tree, autoWorkers, isSized }: NginxForetelling): ForetoldLimit {
  const { quote, each, processes, connectionsEach, most, atOnce } = workerRoom(tree, autoWorkers);
  const isDefault = outermost(tree, "worker_connections") === null;
  return {
    name: "worker-connections",
    unit: "connections",
    foretold: atOnce,
    directive: `events { worker_connections ${each}; }${isDefault ? " (the default)" : ""}`,
    note: `${connectionsEach} of worker_connections a WebSocket, worker_processes ${processes}; below a free sixteenth nginx closes newcomers, so ${most} only where they come one by one${isSized ? "; wsrally sized it to the workload" : ""}`,
    provenBy: ["worker-connections", "connections-short"],
    quote,
  };
}

/** Listening socket, channels, epoll, logs and what the worker inherited. */
const ownFiles = 16;

function workerFiles({ tree, facts }: NginxForetelling, { maxOpenFiles }: MachineLimits): ForetoldLimit[] {
  const directive = outermost(tree, "worker_rlimit_nofile");
  const written = directive === null ? null : Number(directive.args[0]);
  const known = [written, maxOpenFiles].filter((files) => files !== null);
  if (known.length === 0) return [];
  const files = Math.min(...known);
  const { workers, filesPerConnection } = facts;
  const isMachines = directive === null || written === null || written > files;
  return [
    {
      name: "proxy-descriptors",
      unit: "connections",
      foretold: workers * Math.floor((files - ownFiles) / filesPerConnection),
      directive: isMachines ? `ulimit -n ${files}` : `worker_rlimit_nofile ${files};`,
      note: `${filesPerConnection} open files a WebSocket in each of ${workers} worker${workers === 1 ? "" : "s"}`,
      provenBy: ["no-descriptors"],
      quote: isMachines ? null : quoteOf(directive),
    },
  ];
}

function limitConn({ connectionLimit }: ConfigFacts): ForetoldLimit[] {
  if (connectionLimit === null) return [];
  const { value, quote, by } = connectionLimit;
  return [
    {
      name: "limit-conn",
      unit: "connections",
      foretold: value,
      directive: `${quote.text};`,
      note: `for each ${by}: all of the generator's connections share one address, as users behind one NAT do`,
      provenBy: ["limit-conn"],
      quote,
    },
  ];
}

function backlog({ backlog: { value, quote } }: ConfigFacts, machine: MachineLimits): ForetoldLimit {
  const { listenBacklog } = machine;
  const isKernels = listenBacklog !== null && listenBacklog < value;
  return {
    name: "listen-backlog",
    unit: "handshakes at once",
    foretold: isKernels ? listenBacklog : value,
    directive: isKernels ? `net.core.somaxconn ${listenBacklog}` : `listen … backlog=${value}`,
    note: "connections that wait to be accepted; beyond it clients wait for a SYN to be sent again",
    provenBy: [],
    quote: isKernels ? null : quote,
  };
}
