/**
 * What will stop an arm, said before any load: from its config as it runs here and from this machine's limits. How
 * far each is true the search shows. Pure.
 */

import { topLevelWord } from "../../probe/config/config-times.js";
import { parseConfigTree, viewConfig } from "../../probe/config/config-view.js";
import { workerRoom } from "../../probe/config/worker-room.js";
import { type Directive, walk } from "../../proxy/nginx/nginx-tree.js";
import { bytesPerConnection, bytesPerTlsConnection } from "../check-limits.js";
import type { PreparedArm } from "../prepare-arms.js";
import { isLoopback, type MachineLimits, mostSources, spareFiles } from "../scale.js";

export const limitNames = [
  "worker-connections",
  "proxy-descriptors",
  "upstream-ports",
  "limit-conn",
  "listen-backlog",
  "memory",
  "generator-ports",
  "proxy-cpu",
] as const;

export type LimitName = (typeof limitNames)[number];

export interface ForetoldLimit {
  readonly name: LimitName;
  readonly unit: "connections" | "handshakes at once" | "messages/s";
  /** Null where nothing tells. */
  readonly foretold: number | null;
  /** The directive, sysctl or setting to change, with what it is now. */
  readonly directive: string;
  /** How the number comes about. */
  readonly note: string;
}

const defaultBacklog = 511;

export interface ForetellSettings {
  readonly arm: Pick<PreparedArm, "plan" | "usesTls"> & {
    readonly proxy: Pick<PreparedArm["proxy"], "configText" | "webSocket">;
  };
  readonly limits: MachineLimits;
  /** Addresses of the backend that the proxy spreads its connections over. */
  readonly backendAddresses: number;
}

/** Ascending, what is not known last. */
export function foretellLimits(settings: ForetellSettings): ForetoldLimit[] {
  const found = [...proxyLimits(settings), ...machineLimits(settings)];
  return found.sort((a, b) => (a.foretold ?? Number.MAX_VALUE) - (b.foretold ?? Number.MAX_VALUE));
}

/** How many worker processes an arm's proxy has; 1 where its config does not tell. */
export function workersIn({ configText }: Pick<PreparedArm["proxy"], "configText">): number {
  return configText === null ? 1 : workerRoom(parseConfigTree(configText)).workers;
}

function proxyLimits({ arm, limits, backendAddresses }: ForetellSettings): ForetoldLimit[] {
  const { configText, webSocket } = arm.proxy;
  const { target } = arm.plan;
  if (target.kind === "embedded") {
    return [...relayFiles(limits), ...upstreamPorts(limits, 1)];
  }
  if (configText === null) return [];
  const tree = parseConfigTree(configText);
  const path = arm.plan.workload.path ?? webSocket?.path ?? "/sock";
  return [
    workerConnections(tree, isSized(arm)),
    ...workerFiles(tree, limits),
    // A user's own upstream is one address of wsrally's backend here.
    ...upstreamPorts(limits, target.kind === "nginx" && target.configFile === null ? backendAddresses : 1),
    ...limitConn(tree, path),
    backlog(tree, limits),
  ];
}

/** wsrally's own config grows with the workload where its user sets nothing else. */
function isSized({ plan }: ForetellSettings["arm"]): boolean {
  const { target, set } = plan;
  return target.kind === "nginx" && target.configFile === null && set.worker_connections === undefined;
}

function workerConnections(tree: readonly Directive[], sized: boolean): ForetoldLimit {
  const { written, each, processes, connectionsEach, most, atOnce } = workerRoom(tree);
  return {
    name: "worker-connections",
    unit: "connections",
    foretold: atOnce,
    directive: `events { worker_connections ${each}; }${written === null ? " (the default)" : ""}`,
    note: `${connectionsEach} of worker_connections a WebSocket, worker_processes ${processes}; below a free sixteenth nginx closes newcomers, so ${most} only where they come one by one${sized ? "; wsrally sized it to the workload" : ""}`,
  };
}

function workerFiles(tree: readonly Directive[], { maxOpenFiles }: MachineLimits): ForetoldLimit[] {
  const word = topLevelWord({ tree }, "worker_rlimit_nofile");
  const written = word === null ? null : Number(word);
  const known = [written, maxOpenFiles].filter((files) => files !== null);
  if (known.length === 0) return [];
  const files = Math.min(...known);
  const { workers, connectionsEach } = workerRoom(tree);
  const isMachines = written === null || written > files;
  return [
    {
      name: "proxy-descriptors",
      unit: "connections",
      foretold: workers * Math.floor((files - nginxOwnFiles) / connectionsEach),
      directive: isMachines ? `ulimit -n ${files}` : `worker_rlimit_nofile ${files};`,
      note: `${connectionsEach} open files a WebSocket in each of ${workers} worker${workers === 1 ? "" : "s"}`,
    },
  ];
}

/** Listening socket, channels, epoll, logs and what the worker inherited. */
const nginxOwnFiles = 16;

function relayFiles({ maxOpenFiles }: MachineLimits): ForetoldLimit[] {
  if (maxOpenFiles === null) return [];
  const foretold = Math.floor((maxOpenFiles - spareFiles) / 2);
  const note = "2 open files a WebSocket in the relay";
  return [
    {
      name: "proxy-descriptors",
      unit: "connections",
      foretold,
      directive: `ulimit -n ${maxOpenFiles}`,
      note,
    },
  ];
}

function upstreamPorts({ ephemeralPorts }: MachineLimits, addresses: number): ForetoldLimit[] {
  if (ephemeralPorts === null) return [];
  const one = addresses === 1;
  return [
    {
      name: "upstream-ports",
      unit: "connections",
      foretold: ephemeralPorts * addresses,
      directive: "net.ipv4.ip_local_port_range, or further servers in the upstream",
      note: `${ephemeralPorts} local ports to ${one ? "the backend's one address" : `each of the backend's ${addresses} addresses`}`,
    },
  ];
}

function limitConn(tree: readonly Directive[], path: string): ForetoldLimit[] {
  const [least] = [...viewConfig(tree, path).effective("limit_conn")].sort(
    (a, b) => Number(a.args[1]) - Number(b.args[1]),
  );
  if (least === undefined) return [];
  const [zone = "", number = ""] = least.args;
  const key = [...walk(tree)].find(
    ({ node }) =>
      node.name === "limit_conn_zone" && node.args.some((word) => word.startsWith(`zone=${zone}:`)),
  )?.node.args[0];
  return [
    {
      name: "limit-conn",
      unit: "connections",
      foretold: Number(number),
      directive: `limit_conn ${zone} ${number};`,
      note: `for each ${key ?? "key"}: all of the generator's connections share one address, as users behind one NAT do`,
    },
  ];
}

function backlog(tree: readonly Directive[], { listenBacklog }: MachineLimits): ForetoldLimit {
  const written = [...walk(tree)]
    .filter(({ node }) => node.name === "listen")
    .flatMap(({ node }) => node.args.flatMap((word) => /^backlog=(\d+)$/.exec(word)?.[1] ?? []))
    .map(Number);
  const asked = written.length === 0 ? defaultBacklog : Math.min(...written);
  const isKernels = listenBacklog !== null && listenBacklog < asked;
  return {
    name: "listen-backlog",
    unit: "handshakes at once",
    foretold: isKernels ? listenBacklog : asked,
    directive: isKernels ? `net.core.somaxconn ${listenBacklog}` : `listen … backlog=${asked}`,
    note: "connections that wait to be accepted; beyond it clients wait for a SYN to be sent again",
  };
}

function machineLimits({ arm, limits }: ForetellSettings): ForetoldLimit[] {
  const { availableBytes, ephemeralPorts } = limits;
  const each = arm.usesTls ? bytesPerTlsConnection : bytesPerConnection;
  const { target } = arm.plan;
  const sources = target.kind !== "url" || isLoopback(new URL(target.url).hostname) ? mostSources : 1;
  const found: ForetoldLimit[] = [];
  if (availableBytes !== null) {
    found.push({
      name: "memory",
      unit: "connections",
      foretold: Math.floor(availableBytes / each),
      directive: "memory of the machine",
      note: `about ${each / 1024} KiB a connection for proxy, backend and generator together`,
    });
  }
  if (ephemeralPorts !== null) {
    found.push({
      name: "generator-ports",
      unit: "connections",
      foretold: ephemeralPorts * sources,
      directive: "net.ipv4.ip_local_port_range, or more source addresses",
      note: `${ephemeralPorts} local ports from ${sources === 1 ? "one address" : `each of ${sources} loopback addresses`}`,
    });
  }
  return found;
}
