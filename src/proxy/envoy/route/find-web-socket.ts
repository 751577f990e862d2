/**
 * Which listener, host and path of a config are for WebSockets, unless the user says: the route that says so itself, or
 * that is called so; else the first that passes requests on where upgrades are let through; else the first of all.
 */
import { UsageError } from "../../../base/errors.js";
import type { ConfigMap } from "../../tree/config-node.js";
import { itemsAt, nodeAt, textAt } from "../language/config-node.js";
import { followRequest, type RouteStage, upgradeRule } from "./follow-route.js";
import { chainsOf, filterOf, isDatagram, listenersOf, mapsAt, speaksTls } from "./listeners.js";
import { browserRequest } from "./request.js";
import { domainsOf, isOfDomain, sampleHost } from "./select-host.js";
import { samplePath } from "./select-route.js";

export interface WebSocketRoute {
  readonly listener: ConfigMap;
  readonly tls: boolean;
  readonly path: string;
  /** That is asked for; null for any. */
  readonly host: string | null;
  readonly stages: readonly RouteStage[];
}

interface Question {
  readonly path: string | null;
  /** A listener's or a virtual host's name, or a domain. */
  readonly serverName: string | null;
}

interface Candidate {
  readonly listener: ConfigMap;
  readonly chain: ConfigMap;
  readonly names: readonly string[];
  readonly domains: readonly string[];
  readonly host: string | null;
  /** Null for what takes any, or none is found for. */
  readonly path: string | null;
  readonly score: number;
}

/** Paths and names that people give to WebSockets. */
const wordy =
  /(?:^|[/_.-])(?:ws|wss|sock|socket|sockets|socket\.io|websocket|websockets|live|chat|cable|hub|realtime|stream|notifications?)(?:$|[/_.?-])/i;

/**
 * @returns null for a config without a listener for TCP
 * @throws UsageError for a name that is not there
 */
export function findWebSocket(
  tree: ConfigMap,
  { path, serverName }: Question,
  file: string,
): WebSocketRoute | null {
  const all = listenersOf(tree)
    .filter((listener) => !isDatagram(listener))
    .flatMap(candidatesOf);
  const named = serverName === null ? all : all.filter((one) => isCalled(one, serverName.toLowerCase()));
  if (named.length === 0 && all.length > 0)
    throw new UsageError(
      `Cannot measure ${serverName} of ${file}: no listener, virtual host or domain is called so; there are ${[...new Set(all.flatMap(({ names }) => names))].join(", ")}`,
    );
  const ranked = named
    .map((one) => ({ ...one, score: one.score + (isAsked(one, path) ? 100 : 0) }))
    .sort((a, b) => b.score - a.score);
  const [best] = ranked;
  if (best === undefined) return null;
  const tls = speaksTls(best.chain);
  const asked = path ?? best.path ?? "/";
  const host = serverName !== null && isHostOf(best, serverName.toLowerCase()) ? serverName : best.host;
  const request = browserRequest({ path: asked, host, tls });
  const stages = followRequest(tree, best.listener, request);
  return { listener: best.listener, tls, path: asked, host, stages };
}

function isCalled(candidate: Candidate, name: string): boolean {
  return candidate.names.includes(name) || isHostOf(candidate, name);
}

function isHostOf({ domains }: Candidate, name: string): boolean {
  return domains.some((domain) => isOfDomain(domain, name));
}

/** Whether it is the place for the path that the user asks for. */
function isAsked({ path }: Candidate, asked: string | null): boolean {
  return asked !== null && path !== null && path !== "/" && asked.startsWith(path);
}

function candidatesOf(listener: ConfigMap): Candidate[] {
  const name = textAt(listener, "name")?.toLowerCase();
  const names = name === undefined ? [] : [name];
  return chainsOf(listener).flatMap((chain) => {
    const chainNames = itemsAt(chain, "filter_chain_match", "server_names").flatMap((item) =>
      item.kind === "scalar" ? String(item.value) : [],
    );
    const [sni] = chainNames;
    const chainHost = sni === undefined ? null : sampleHost(sni);
    const manager = filterOf(chain, "HttpConnectionManager");
    const base = {
      listener,
      chain,
      names: [...names, ...chainNames],
      domains: chainNames,
      host: chainHost,
      path: null,
    };
    if (manager === null) return [{ ...base, score: filterOf(chain, "TcpProxy") === null ? 0 : 1 }];
    const hosts = mapsAt(manager, "route_config", "virtual_hosts");
    if (hosts.length === 0) return [{ ...base, score: 1 }];
    return hosts.flatMap((virtualHost) => {
      const [domain = "*"] = domainsOf(virtualHost);
      const host = sampleHost(domain) ?? chainHost;
      const hostNames = [
        ...base.names,
        textAt(virtualHost, "name")?.toLowerCase() ?? "",
        ...domainsOf(virtualHost),
      ].filter(Boolean);
      const routes = mapsAt(virtualHost, "routes");
      if (routes.length === 0)
        return [{ ...base, names: hostNames, domains: domainsOf(virtualHost), host, score: 1 }];
      return routes.map((route) => ({
        ...base,
        names: hostNames,
        domains: domainsOf(virtualHost),
        host,
        path: samplePath(route),
        score: scoreOf(manager, route, virtualHost),
      }));
    });
  });
}

function scoreOf(manager: ConfigMap, route: ConfigMap, virtualHost: ConfigMap): number {
  const action = nodeAt(route, "route");
  if (action?.kind !== "map") return 1;
  const { isOn, by } = upgradeRule({ manager, action });
  const isOwn = by !== null && mapsAt(action, "upgrade_configs").includes(by);
  const asksForUpgrade = mapsAt(route, "match", "headers").some(
    (header) => textAt(header, "name")?.toLowerCase() === "upgrade",
  );
  const names = [
    samplePath(route),
    textAt(route, "name"),
    textAt(action, "cluster"),
    textAt(virtualHost, "name"),
  ];
  const isWordy = names.some((name) => name !== null && wordy.test(name));
  return 2 + (isOn ? 8 : 0) + (isOwn ? 16 : 0) + (asksForUpgrade ? 16 : 0) + (isWordy ? 4 : 0);
}
