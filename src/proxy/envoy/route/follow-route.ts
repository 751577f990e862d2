/**
 * Where a request goes: through a listener's filter chain, virtual host and route to clusters, and on where these are
 * another listener of the same config.
 */

import { compilePattern } from "../../patterns/sample-string.js";
import { replacePattern } from "../../patterns/test-pattern.js";
import type { ConfigMap, ConfigNode } from "../../tree/config-node.js";
import { itemsAt, nodeAt, textAt } from "../language/config-node.js";
import { chainFor, clusterNamed, filterOf, listenersOf, mapsAt, socketAddress } from "./listeners.js";
import type { RouteRequest } from "./request.js";
import { selectHost } from "./select-host.js";
import { selectRoute } from "./select-route.js";

export type RouteEnd =
  /** Passed on; `route` is null for `tcp_proxy`. */
  | {
      readonly kind: "clusters";
      readonly clusters: readonly ConfigMap[];
      readonly unknown: readonly string[];
    }
  | { readonly kind: "redirect" | "direct"; readonly action: ConfigMap }
  | { readonly kind: "https-only" }
  | { readonly kind: "no-chain" | "no-host" | "no-route" | "no-manager" }
  /** By what only a running Envoy can tell: a control plane, a header, a plugin. */
  | { readonly kind: "unknown"; readonly by: ConfigNode; readonly what: string };

export interface RouteStage {
  readonly listener: ConfigMap;
  readonly chain: ConfigMap | null;
  /** Null where the chain carries no HTTP. */
  readonly manager: ConfigMap | null;
  readonly tcp: ConfigMap | null;
  readonly routes: ConfigMap | null;
  readonly virtualHost: ConfigMap | null;
  readonly route: ConfigMap | null;
  /** The route's own `route`. */
  readonly action: ConfigMap | null;
  /** Routes before it of which only a running Envoy can tell whether they hold. */
  readonly uncertain: readonly ConfigMap[];
  readonly end: RouteEnd;
}

const mostHops = 6;

/** @returns at least one stage */
export function followRequest(tree: ConfigMap, listener: ConfigMap, request: RouteRequest): RouteStage[] {
  const stages: RouteStage[] = [];
  let at: ConfigMap | null = listener;
  let asked = request;
  while (at !== null && stages.length < mostHops) {
    const stage = stageOf(tree, at, asked);
    stages.push(stage);
    const [cluster = null] = stage.end.kind === "clusters" ? stage.end.clusters : [];
    const next = cluster === null ? null : ownListener(tree, cluster);
    at = next === null || stages.some((one) => one.listener === next) ? null : next;
    asked = passedOn(stage, asked);
  }
  return stages;
}

function stageOf(tree: ConfigMap, listener: ConfigMap, request: RouteRequest): RouteStage {
  const chain = chainFor(listener, request.tls, request.serverName);
  const manager = filterOf(chain, "HttpConnectionManager");
  const tcp = manager === null ? filterOf(chain, "TcpProxy") : null;
  const nothing = { routes: null, virtualHost: null, route: null, action: null, uncertain: [] };
  const stage = { listener, chain, manager, tcp, ...nothing };
  if (chain === null) return { ...stage, end: { kind: "no-chain" } };
  if (tcp !== null) return { ...stage, end: clustersIn(tree, tcp) };
  if (manager === null) return { ...stage, end: { kind: "no-manager" } };
  const routes = nodeAt(manager, "route_config");
  if (routes?.kind !== "map") {
    const by = nodeAt(manager, "rds") ?? nodeAt(manager, "scoped_routes") ?? manager;
    return { ...stage, end: { kind: "unknown", by, what: "its routes come from a control plane" } };
  }
  const virtualHost = selectHost(request.headers.get(":authority") ?? "", { manager, routes });
  if (virtualHost === null) return { ...stage, routes, end: { kind: "no-host" } };
  if (nodeAt(virtualHost, "matcher") !== null)
    return {
      ...stage,
      routes,
      virtualHost,
      end: { kind: "unknown", by: virtualHost, what: "a matcher's tree chooses the route" },
    };
  if (textAt(virtualHost, "require_tls") === "ALL" && !request.tls)
    return { ...stage, routes, virtualHost, end: { kind: "https-only" } };
  const selected = selectRoute(virtualHost, request);
  if (selected === null) return { ...stage, routes, virtualHost, end: { kind: "no-route" } };
  const { route, uncertain } = selected;
  const action = nodeAt(route, "route");
  return {
    ...stage,
    ...{ routes, virtualHost, route, uncertain },
    action: action?.kind === "map" ? action : null,
    end: endOf(tree, route),
  };
}

function endOf(tree: ConfigMap, route: ConfigMap): RouteEnd {
  const action = nodeAt(route, "route");
  if (action?.kind === "map") return clustersIn(tree, action);
  for (const [name, kind] of [
    ["redirect", "redirect"],
    ["direct_response", "direct"],
  ] as const) {
    const found = nodeAt(route, name);
    if (found?.kind === "map") return { kind, action: found };
  }
  return { kind: "unknown", by: route, what: "a filter of its own answers" };
}

/** Of a `RouteAction` or a `TcpProxy`. */
function clustersIn(tree: ConfigMap, action: ConfigMap): RouteEnd {
  const names = clusterNames(action);
  if (names.length === 0)
    return { kind: "unknown", by: action, what: "the cluster is chosen when a request comes" };
  const clusters = names.flatMap((name) => clusterNamed(tree, name) ?? []);
  return {
    kind: "clusters",
    clusters,
    unknown: names.filter((name) => clusterNamed(tree, name) === null),
  };
}

function clusterNames(action: ConfigNode): string[] {
  const one = textAt(action, "cluster");
  if (one !== null) return [one];
  return itemsAt(action, "weighted_clusters", "clusters").flatMap((item) => textAt(item, "name") ?? []);
}

/** Addresses of a cluster's endpoints. */
export function endpointsOf(cluster: ConfigNode): ConfigMap[] {
  return mapsAt(cluster, "load_assignment", "endpoints").flatMap((locality) =>
    mapsAt(locality, "lb_endpoints").flatMap((one) => {
      const endpoint = nodeAt(one, "endpoint");
      return endpoint?.kind === "map" ? [endpoint] : [];
    }),
  );
}

const loopback = /^(?:127\.\d+\.\d+\.\d+|::1|localhost|0\.0\.0\.0|::)$/;

/** The listener of the same config that an endpoint connects to; null for the world outside. */
export function listenerAt(tree: ConfigMap, address: ConfigNode | null): ConfigMap | null {
  const wanted = socketAddress(address);
  if (wanted === null || !loopback.test(wanted.host)) {
    const name = textAt(address, "envoy_internal_address", "server_listener_name");
    return name === null ? null : (listenersOf(tree).find((one) => textAt(one, "name") === name) ?? null);
  }
  const fits = (listener: ConfigNode): boolean => {
    const own = socketAddress(nodeAt(listener, "address"));
    return own !== null && own.port === wanted.port && (loopback.test(own.host) || own.host === wanted.host);
  };
  return listenersOf(tree).find(fits) ?? null;
}

function ownListener(tree: ConfigMap, cluster: ConfigMap): ConfigMap | null {
  const [endpoint = null] = endpointsOf(cluster);
  return endpoint === null ? null : listenerAt(tree, nodeAt(endpoint, "address"));
}

/** The request as the next one gets it. */
function passedOn({ action, route, end }: RouteStage, request: RouteRequest): RouteRequest {
  const path = action === null || route === null ? request.path : rewrittenPath(route, request.path);
  const host = textAt(action, "host_rewrite_literal");
  const headers = new Map(request.headers);
  headers.set(":path", path);
  if (host !== null) for (const name of [":authority", "host"]) headers.set(name, host);
  const [cluster = null] = end.kind === "clusters" ? end.clusters : [];
  const socket = nodeAt(cluster, "transport_socket", "typed_config");
  return { path, headers, tls: socket !== null, serverName: textAt(socket, "sni") };
}

/** The path after the route's `prefix_rewrite`, `regex_rewrite` or `path_rewrite`; as it was where there is none. */
export function rewrittenPath(route: ConfigNode, path: string): string {
  const action = nodeAt(route, "route");
  const match = nodeAt(route, "match");
  const [plain = "", ...query] = path.split("?");
  const tail = query.length === 0 ? "" : `?${query.join("?")}`;
  const prefix = textAt(action, "prefix_rewrite");
  if (prefix !== null) {
    const matched =
      ["prefix", "path", "path_separated_prefix"].map((name) => textAt(match, name)).find(Boolean) ?? plain;
    return `${prefix}${plain.slice(matched.length)}${tail}`;
  }
  const regex = textAt(action, "regex_rewrite", "pattern", "regex");
  if (regex !== null) {
    const pattern = compilePattern(regex, "g");
    const substitution = (textAt(action, "regex_rewrite", "substitution") ?? "")
      .replaceAll("$", "$$$$")
      .replace(/\\(\d)/g, "$$$1");
    const replaced = pattern === null ? null : replacePattern(pattern, plain, substitution);
    return `${replaced ?? plain}${tail}`;
  }
  return path;
}

/** Whether the upgrade to WebSocket is let through here. A route's word goes before its listener's. */
export interface UpgradeRule {
  readonly isOn: boolean;
  /** What says so; null where nothing does. */
  readonly by: ConfigMap | null;
}

export function upgradeRule({ manager, action }: Pick<RouteStage, "manager" | "action">): UpgradeRule {
  for (const where of [action, manager]) {
    const by = mapsAt(where, "upgrade_configs").find(
      (one) => textAt(one, "upgrade_type")?.toLowerCase() === "websocket",
    );
    if (by !== undefined) return { isOn: textAt(by, "enabled") !== "false", by };
  }
  return { isOn: false, by: null };
}
