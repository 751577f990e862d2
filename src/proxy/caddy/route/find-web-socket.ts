/**
 * Which site, and which path of it, carries the WebSocket, where the user does not say.
 */
import { UsageError } from "../../../base/errors.js";
import {
  type Block,
  type ConfigTree,
  type Directive,
  everyDirective,
  sitesOf,
  words,
} from "../language/config-tree.js";
import { type SiteAddress, siteAddresses, upstreamWords } from "./addresses.js";
import { type Followed, followRoute } from "./follow-route.js";
import { matchersOf } from "./matchers.js";
import { matcherLinesOf } from "./order.js";
import { webSocketRequest } from "./request.js";

export interface WebSocketRoute {
  readonly site: Block;
  /** By which it is asked. */
  readonly address: SiteAddress;
  readonly serverName: string | null;
  readonly path: string;
  readonly followed: Followed;
}

interface Question {
  readonly path: string | null;
  readonly serverName: string | null;
}

interface Candidate {
  readonly site: Block;
  readonly path: string;
  readonly line: Directive;
  /** Whether the config says it, and not by a header alone. */
  readonly hasPath: boolean;
  /** How much it looks like a WebSocket's. */
  readonly rank: number;
}

/**
 * @returns null for a config without a site
 * @throws UsageError where the site that the user names is not there
 */
export function findWebSocket(tree: ConfigTree, asked: Question, file: string): WebSocketRoute | null {
  const sites = sitesOf(tree).filter((site) => siteAddresses(site, tree).length > 0);
  const named =
    asked.serverName === null ? sites : sites.filter((site) => isAskedBy(site, tree, asked.serverName ?? ""));
  if (named.length === 0 && asked.serverName !== null && sites.length > 0) {
    const names = sites.flatMap(({ keys }) => keys.map(({ text }) => text)).join(", ");
    throw new UsageError(`Cannot find ${asked.serverName} in ${file}: its sites are ${names}`);
  }
  const routes = named
    .flatMap((site) => candidatesOf(site, tree))
    .sort((a, b) => b.rank - a.rank)
    .map((candidate) => ({ candidate, route: routeTo(candidate, tree, asked) }));
  const reached = routes.find(({ candidate, route }) => isAt(route, candidate.line));
  const [first] = routes;
  if (reached ?? first) return (reached ?? first)?.route ?? null;
  const [site] = named;
  return site === undefined
    ? null
    : routeTo({ site, path: "/", line: site.lines[0] as Directive, hasPath: false, rank: 0 }, tree, asked);
}

function isAt({ followed: { end } }: WebSocketRoute, line: Directive): boolean {
  return end.kind === "proxy" && end.line === line;
}

function isAskedBy(site: Block, tree: ConfigTree, name: string): boolean {
  const host = name.toLowerCase().replace(/:\d+$/, "");
  return siteAddresses(site, tree).some(
    (address) =>
      address.host === host ||
      address.text.toLowerCase() === name.toLowerCase() ||
      (address.host?.startsWith("*.") === true && host.endsWith(address.host.slice(1))),
  );
}

function routeTo({ site, path }: Candidate, tree: ConfigTree, asked: Question): WebSocketRoute {
  const addresses = siteAddresses(site, tree);
  // What a name is asked for over TLS is redirected there from plain HTTP.
  const address = (addresses.find(({ tls }) => tls) ?? addresses[0]) as SiteAddress;
  const wanted = asked.path ?? (address.path === "" ? path : address.path.replace(/\*$/, ""));
  const serverName = asked.serverName ?? hostName(address.host);
  const request = webSocketRequest({ path: wanted, host: serverName, tls: address.tls });
  return { site, address, serverName, path: wanted, followed: followRoute(site, request, tree) };
}

/** `*.example.com` is asked by a name that it stands for. */
function hostName(host: string | null): string | null {
  return host === null || host.includes("{")
    ? null
    : host.replace(/^\*\./, "wsrally.").replaceAll("*", "wsrally");
}

/** Every `reverse_proxy` of a site, with a path that leads to it if its own and its outer matchers say one. */
export function candidatesOf(site: Block, tree: ConfigTree): Candidate[] {
  const own = candidatesIn(site.lines, "", site, new Map());
  const routes = tree.filter(({ kind }) => kind === "named-route");
  const invoked = [...everyDirective(site.lines)]
    .filter(({ name }) => name === "invoke")
    .flatMap((line) => routes.filter(({ keys }) => words(line).includes(keys[0]?.text ?? "")))
    .flatMap(({ lines }) => candidatesIn(lines, "", site, new Map()));
  return [...own, ...invoked];
}

function candidatesIn(
  lines: readonly Directive[],
  outer: string,
  site: Block,
  outerMatchers: ReturnType<typeof matchersOf>,
): Candidate[] {
  const matchers = matchersOf(lines, outerMatchers);
  return lines.flatMap((line): Candidate[] => {
    if (line.name.startsWith("@")) return [];
    const [first] = line.args;
    const sets = first?.text.startsWith("@") ? (matchers.get(first.text) ?? []) : [];
    const path = pathBehind(first?.text ?? "", sets) ?? outer;
    const inner = path.startsWith(outer) || outer === "" ? path : outer;
    if (line.name === "reverse_proxy")
      return [
        {
          ...{ site, path: inner || "/", line, rank: rankOf(line, inner, sets) },
          hasPath: inner !== "" && sets.length === 0,
        },
      ];
    return line.block === null ? [] : candidatesIn(line.block, inner, site, matchers);
  });
}

function pathBehind(word: string, sets: readonly Directive[]): string | null {
  const written = word.startsWith("/")
    ? word
    : sets.flatMap((set) =>
        matcherLinesOf(set)
          .filter(({ name }) => name === "path")
          .flatMap(words),
      )[0];
  if (written === undefined || written.startsWith("*") || written.includes("{")) return null;
  return written.replace(/\*.*$/, "") || null;
}

const socketWord =
  /(?:^|[^a-z])(?:wss?|websockets?|sockets?|socket\.io|sockjs|signalr|hub|cable|realtime|live|stream)(?:[^a-z]|$)/i;

function rankOf(line: Directive, path: string, sets: readonly Directive[]): number {
  const asksUpgrade = sets.some((set) =>
    matcherLinesOf(set).some(
      ({ name, args }) =>
        name === "header" && /^(?:upgrade|connection|sec-websocket)/i.test(args[0]?.text ?? ""),
    ),
  );
  const isTuned = (line.block ?? []).some(({ name }) => /^stream_/.test(name));
  const named = socketWord.test(path) || upstreamWords(line).some(({ text }) => socketWord.test(text));
  return (asksUpgrade ? 4 : 0) + (named ? 2 : 0) + (isTuned ? 1 : 0);
}
