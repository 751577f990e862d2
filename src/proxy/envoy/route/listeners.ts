/**
 * A config's listeners, what is in their filter chains, and what addresses are.
 */

import type { ConfigMap, ConfigNode } from "../../tree/config-node.js";
import { itemsAt, nodeAt, numberAt, textAt, typeOf } from "../language/config-node.js";

export interface SocketAddress {
  readonly host: string;
  readonly port: number;
}

/** Null for a pipe, and whatever else has no port. */
export function socketAddress(address: ConfigNode | null): SocketAddress | null {
  const socket = nodeAt(address, "socket_address");
  const host = textAt(socket, "address");
  const port = numberAt(socket, "port_value");
  return host === null || port === null ? null : { host, port };
}

/** "app.internal:8080", "unix:/run/app.sock" */
export function addressText(address: ConfigNode | null): string {
  const socket = nodeAt(address, "socket_address");
  if (socket !== null) {
    const host = textAt(socket, "address") ?? "";
    return `${host.includes(":") ? `[${host}]` : host}:${textAt(socket, "port_value") ?? textAt(socket, "named_port") ?? ""}`;
  }
  const pipe = textAt(address, "pipe", "path");
  if (pipe !== null) return `unix:${pipe}`;
  const internal = textAt(address, "envoy_internal_address", "server_listener_name");
  return internal === null ? "" : `internal:${internal}`;
}

export function listenersOf(tree: ConfigMap): ConfigMap[] {
  return mapsAt(tree, "static_resources", "listeners");
}

export function clustersOf(tree: ConfigMap): ConfigMap[] {
  return mapsAt(tree, "static_resources", "clusters");
}

export function clusterNamed(tree: ConfigMap, name: string): ConfigMap | null {
  return clustersOf(tree).find((cluster) => textAt(cluster, "name") === name) ?? null;
}

export function mapsAt(node: ConfigNode | null, ...names: readonly string[]): ConfigMap[] {
  return itemsAt(node, ...names).filter((item) => item.kind === "map");
}

/** Of UDP, QUIC among it. */
export function isDatagram(listener: ConfigNode): boolean {
  return (
    textAt(listener, "address", "socket_address", "protocol")?.toUpperCase() === "UDP" ||
    nodeAt(listener, "udp_listener_config") !== null
  );
}

export function chainsOf(listener: ConfigNode): ConfigMap[] {
  const fallback = nodeAt(listener, "default_filter_chain");
  return [...mapsAt(listener, "filter_chains"), ...(fallback?.kind === "map" ? [fallback] : [])];
}

/** The chain that a client comes to; null where it is cut for want of one. */
export function chainFor(listener: ConfigNode, tls: boolean, serverName: string | null): ConfigMap | null {
  const ranked = mapsAt(listener, "filter_chains").flatMap((chain) => {
    const rank = chainRank(chain, tls, serverName);
    return rank === null ? [] : [{ chain, rank }];
  });
  const [best] = ranked.sort((a, b) => b.rank - a.rank);
  const fallback = nodeAt(listener, "default_filter_chain");
  return best?.chain ?? (fallback?.kind === "map" ? fallback : null);
}

/** By the names that it is for: whole, then `*.name`, then any. */
function chainRank(chain: ConfigNode, tls: boolean, serverName: string | null): number | null {
  const match = nodeAt(chain, "filter_chain_match");
  if (match === null) return 0;
  const transport = textAt(match, "transport_protocol");
  if (transport !== null && (transport === "tls") !== tls) return null;
  const names = itemsAt(match, "server_names").map((item) =>
    String(item.kind === "scalar" ? item.value : ""),
  );
  const protocols = itemsAt(match, "application_protocols").map((item) =>
    String(item.kind === "scalar" ? item.value : ""),
  );
  if (protocols.length > 0 && !protocols.includes("http/1.1")) return null;
  if (names.length === 0) return transport === null ? 0 : 1;
  if (serverName === null) return null;
  const fits = names.flatMap((name) =>
    name === serverName
      ? [1e4]
      : name.startsWith("*") && serverName.endsWith(name.slice(1))
        ? [10 + name.length]
        : [],
  );
  return fits.length === 0 ? null : Math.max(...fits);
}

export function speaksTls(chain: ConfigNode): boolean {
  const socket = nodeAt(chain, "transport_socket");
  const type = typeOf(nodeAt(socket, "typed_config"));
  return (
    type === "DownstreamTlsContext" || (type === null && textAt(socket, "name")?.endsWith(".tls") === true)
  );
}

/** The settings of the first network filter of a type: `HttpConnectionManager`, `TcpProxy`. */
export function filterOf(chain: ConfigNode | null, type: string): ConfigMap | null {
  for (const filter of itemsAt(chain, "filters")) {
    const config = nodeAt(filter, "typed_config");
    if (config?.kind === "map" && typeOf(config) === type) return config;
  }
  return null;
}
