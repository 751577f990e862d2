/**
 * What it takes to go beyond one process and one address: how many generator and backend processes, how many ports
 * and source addresses a number of connections needs here. Pure.
 */
import { isIPv4 } from "node:net";
import type { MachineLimits } from "../diagnosis/limit.js";
import type { ProxyEndpoint } from "../proxy/proxy.js";
import type { ArmTarget } from "../scenario/arm.js";
import type { ProxyKind } from "../scenario/proxy-kind.js";
import type { PlannedArm } from "../scenario/scenario.js";
import type { Workload } from "../scenario/workload.js";

/** Open files a process needs besides its connections. */
export const spareFiles = 100;
/** Of the ports between two addresses, so many are used: others on the machine need some too. */
const usableShare = 0.9;
/** Loopback addresses to connect from: 127.0.0.1 to 127.0.0.64. */
export const mostSources = 64;

/** Streams that a proxy can be taken to allow on a connection, until it has told: HAProxy allows no more. */
const streamsUsual = 100;
/** Of those that carry fewer, whatever they announce (docs/http2.md). */
const streamsCarried: Readonly<Partial<Record<ProxyKind, number>>> = { apache: 6 };

type Clients = {
  readonly target: ArmTarget;
  readonly workload: Pick<Workload, "connections" | "http" | "streams">;
};

/** WebSockets on a connection of the clients, as many as are sure: 1 over HTTP/1.1. */
export function streamsSure({ target, workload: { http, streams } }: Clients): number {
  const carried = target.kind === "proxy" ? streamsCarried[target.proxy] : undefined;
  return http === 1 ? 1 : Math.min(streams, carried ?? streamsUsual);
}

/** TCP connections that clients open for so many WebSockets, at most. */
export function clientSockets(plan: Clients): number {
  return Math.ceil(plan.workload.connections / streamsSure(plan));
}

/** How many processes can hold so many connections, each of one open file. */
export function processesFor(connections: number, { maxOpenFiles }: MachineLimits): number {
  if (maxOpenFiles === null) return 1;
  return Math.max(1, Math.ceil(connections / Math.max(1, maxOpenFiles - spareFiles)));
}

/** Processes of the generator: as many as the arm with the most connections needs. */
export function generatorProcesses(arms: readonly PlannedArm[], limits: MachineLimits): number {
  return Math.max(...arms.map((plan) => processesFor(clientSockets(plan), limits)));
}

/** Processes of the backend, and ports of each: as many as the arm with the most connections needs. */
export function backendScale(
  arms: readonly PlannedArm[],
  limits: MachineLimits,
): { readonly processes: number; readonly ports: number } {
  const connections = Math.max(...arms.map(({ workload }) => workload.connections));
  const processes = processesFor(connections, limits);
  return { processes, ports: Math.ceil(routesFor(connections, limits) / processes) };
}

/** How many address pairs so many connections need, each with its own range of local ports. */
export function routesFor(connections: number, { ephemeralPorts }: MachineLimits): number {
  return ephemeralPorts === null ? 1 : Math.max(1, Math.ceil(connections / (ephemeralPorts * usableShare)));
}

/** Loopback addresses to connect from in turn; empty while one is enough, or where the other side is not loopback. */
export function sourcesFor(
  { host, morePorts = [] }: Pick<ProxyEndpoint, "host" | "morePorts">,
  connections: number,
  limits: MachineLimits,
): string[] {
  const count = Math.ceil(routesFor(connections, limits) / (1 + morePorts.length));
  if (count === 1 || !isLoopback(host)) return [];
  return Array.from({ length: Math.min(mostSources, count) }, (_, index) => `127.0.0.${index + 1}`);
}

/** Whether connections to it may come from any 127.x.x.x address. */
export function isLoopback(host: string): boolean {
  return isIPv4(host) && host.startsWith("127.");
}
