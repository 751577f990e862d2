/**
 * ProxyPass and its kin: which of them takes a path, and what it makes of it.
 */
import type { ConfigTree, Node } from "../language/config-tree.js";
import { behindPrefix, linesOf, type Scopes, substituted } from "./sections.js";
import { parametersOf, parseTarget, type Target } from "./target.js";

export interface ProxyPass {
  readonly node: Node;
  /** The Location that it stands in; null for one of a server. */
  readonly location: Node | null;
  /** What it takes: a prefix, or a pattern. */
  readonly from: string;
  readonly isPattern: boolean;
  /** "!" for what it keeps from being passed on. */
  readonly to: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Null for one without a target, which Apache refuses. */
export function readProxyPass(node: Node, location: Node | null): ProxyPass | null {
  if (node.key !== "proxypass" && node.key !== "proxypassmatch") return null;
  const isMatch = node.key === "proxypassmatch";
  const [first = "", second = "", ...rest] = node.args;
  if (location !== null) {
    const [name = "", pattern = ""] = location.args;
    const isPattern = isMatch || location.key === "locationmatch" || name === "~";
    const isOwn = second !== "" && !second.includes("=") && first.startsWith("/");
    const words = node.args.slice(isOwn ? 2 : 1);
    return {
      ...{ node, location, isPattern, from: name === "~" ? pattern : name },
      ...{ to: isOwn ? second : first, parameters: parametersOf(words) },
    };
  }
  if (second === "") return null;
  return { node, location, from: first, isPattern: isMatch, to: second, parameters: parametersOf(rest) };
}

/** In the order in which Apache asks them: the last Location's own one, then the virtual host's, then the main server's. */
export function proxyPassesOf(scopes: Scopes): readonly ProxyPass[] {
  const ofLocations = scopes.locations.flatMap((location) => passesIn(location.block ?? [], location));
  const last = ofLocations.at(-1);
  const inherits = linesOf(scopes).findLast(({ key }) => key === "proxypassinherit")?.args[0];
  const servers = [...scopes.servers].reverse();
  const asked = inherits?.toLowerCase() === "off" ? servers.slice(0, 1) : servers;
  return [...(last === undefined ? [] : [last]), ...asked.flatMap((nodes) => passesIn(nodes, null))];
}

function passesIn(nodes: ConfigTree, location: Node | null): readonly ProxyPass[] {
  return nodes.flatMap((node) => readProxyPass(node, location) ?? []);
}

/** The URL that a path becomes; "!" where it is kept from being passed on, null where it is not taken. */
export function passedTo({ from, isPattern, to }: ProxyPass, path: string): string | null {
  if (isPattern) {
    const url = substituted(from, to, path);
    return url !== null && to === "!" ? "!" : url;
  }
  const rest = behindPrefix(from, path);
  if (rest === null) return null;
  return to === "!" ? "!" : `${to}${rest}`;
}

/** A member of a balancer, or the one that a URL names by itself. */
export interface Member {
  readonly node: Node;
  readonly target: Target;
  readonly parameters: ReadonlyMap<string, string>;
}

/** BalancerMembers of a balancer, wherever they stand. */
export function membersOf(scopes: Scopes, balancer: string): readonly Member[] {
  const lines = scopes.servers.flat();
  const isIt = (url: string): boolean => {
    const target = parseTarget(url);
    return target?.scheme === "balancer" && target.address.toLowerCase() === balancer.toLowerCase();
  };
  const inside = lines
    .filter(({ key, args }) => key === "proxy" && isIt(args[0] ?? ""))
    .flatMap(({ block }) => block ?? [])
    .filter(({ key, args }) => key === "balancermember" && !isIt(args[0] ?? ""))
    .map((node) => ({ node, words: node.args }));
  const outside = lines
    .filter(({ key, args }) => key === "balancermember" && isIt(args[0] ?? ""))
    .map((node) => ({ node, words: node.args.slice(1) }));
  return [...inside, ...outside].flatMap(({ node, words: [url = "", ...rest] }) => {
    const target = parseTarget(url);
    const parameters = parametersOf(rest);
    return target === null ? [] : [{ node, target, parameters }];
  });
}

/** What `<Proxy URL>` and ProxySet say of a worker besides. */
export function workerParameters(scopes: Scopes, url: string): ReadonlyMap<string, string> {
  const lines = scopes.servers.flat();
  const found = new Map<string, string>();
  const take = (words: readonly string[]): void => {
    for (const [name, value] of parametersOf(words)) found.set(name, value);
  };
  // The first ProxyPass that names a worker makes it, and others share it.
  for (const node of lines) {
    if (node.key !== "proxy" || node.block === null) continue;
    if (!url.startsWith((node.args[0] ?? "").replace(/\*$/, ""))) continue;
    for (const one of node.block) if (one.key === "proxyset") take(one.args);
  }
  for (const node of lines)
    if (node.key === "proxyset" && url.startsWith(node.args[0] ?? " ")) take(node.args.slice(1));
  return found;
}
