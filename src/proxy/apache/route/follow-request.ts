/**
 * Where a request goes in a config: which virtual host answers, which rule or ProxyPass takes it, and where it is passed
 * to. In mod_rewrite's, mod_proxy's and mod_alias's own order.
 */
import type { ConfigTree, Node } from "../language/config-tree.js";
import { type Listener, selectHost } from "./listeners.js";
import {
  type Member,
  membersOf,
  type ProxyPass,
  passedTo,
  proxyPassesOf,
  workerParameters,
} from "./proxy-passes.js";
import { pathOf, type RouteRequest } from "./request.js";
import { isEngineOn, type Rewritten, type RuleStep, rewritten } from "./rewrite-rules.js";
import { linesOf, matchesPath, type Scopes, scopesOf } from "./sections.js";
import { parametersOf, parseTarget, type Target } from "./target.js";

export interface Passed {
  readonly kind: "passed";
  /** The ProxyPass, RewriteRule or SetHandler that passes it on. */
  readonly by: Node;
  /** Null for what is no ProxyPass. */
  readonly pass: ProxyPass | null;
  /** As it is written, of a balancer the balancer's. */
  readonly target: Target;
  readonly members: readonly Member[];
  /** That it arrives with. */
  readonly url: string;
}

export type RouteEnd =
  | Passed
  | {
      readonly kind: "answered";
      readonly by: Node;
      readonly status: number;
      readonly location: string | null;
    }
  /** `ProxyPass /ws !` */
  | { readonly kind: "kept"; readonly by: Node }
  /** A rule made another path of it, and so nobody passes it on. */
  | { readonly kind: "rewritten"; readonly by: Node; readonly url: string }
  | { readonly kind: "local" };

export interface Route {
  readonly listener: Listener;
  /** Null where the main server answers. */
  readonly host: Node | null;
  readonly scopes: Scopes;
  readonly request: RouteRequest;
  readonly steps: readonly RuleStep[];
  readonly end: RouteEnd;
}

export function followRequest(tree: ConfigTree, listener: Listener, request: RouteRequest): Route {
  const host = selectHost(tree, listener, request.host);
  const scopes = scopesOf(tree, host, pathOf(request));
  const server = rewritten(rulesOf(scopes), request);
  const steps = [...server.steps];
  const route = { listener, host, scopes, request, steps };
  return { ...route, end: endOf(scopes, request, server, steps) };
}

/** Of the server that answers; a virtual host has the main server's only where it asks for them. */
function rulesOf({ servers }: Scopes): ConfigTree {
  const own = servers.at(-1) ?? [];
  if (servers.length < 2) return own;
  const main = servers[0] ?? [];
  const options = [...main, ...own].filter(({ key }) => key === "rewriteoptions").flatMap(({ args }) => args);
  const inherits = options.some((word) => /^Inherit(?:Before|Down|DownBefore)?$/i.test(word));
  if (!inherits) return own;
  const isBefore = options.some((word) => /Before$/i.test(word));
  const rules = main.filter(({ key }) => /^rewrite(?:cond|rule|engine)$/.test(key));
  return isBefore ? [...rules, ...own] : [...own, ...rules.filter(({ key }) => key !== "rewriteengine")];
}

function endOf(scopes: Scopes, request: RouteRequest, server: Rewritten, steps: RuleStep[]): RouteEnd {
  const { end } = server;
  if (end?.kind === "proxy") return passed(scopes, end.by, null, end.url) ?? { kind: "local" };
  if (end?.kind === "answered") return end;
  const now = end === null ? request : { ...request, url: end.url };
  if (end === null || end.passesThrough) {
    const byPass = passOf(scopes, now);
    if (byPass !== null) return byPass;
    const redirect = redirectOf(scopes, now);
    if (redirect !== null) return redirect;
  }
  const inside = insideOf(scopes, now, steps);
  if (inside !== null) return inside;
  return end === null ? { kind: "local" } : { kind: "rewritten", by: end.by, url: end.url };
}

function passOf(scopes: Scopes, request: RouteRequest): RouteEnd | null {
  const path = pathOf(request);
  const query = request.url.slice(path.length);
  for (const pass of proxyPassesOf(scopes)) {
    const url = passedTo(pass, path);
    if (url === null) continue;
    if (url === "!") return { kind: "kept", by: pass.node };
    const found = passed(scopes, pass.node, pass, `${url}${query}`);
    if (found !== null) return found;
  }
  return null;
}

function passed(scopes: Scopes, by: Node, pass: ProxyPass | null, url: string): Passed | null {
  const target = parseTarget(url);
  if (target === null) return null;
  const shared = workerParameters(scopes, pass?.to ?? url);
  const own = pass?.parameters ?? sharedParameters(scopes, url);
  const parameters = new Map([...shared, ...own]);
  const isBalanced = target.scheme === "balancer";
  const members = isBalanced ? membersOf(scopes, target.address) : [{ node: by, target, parameters }];
  const member = isBalanced ? members[0]?.target.path.replace(/\/$/, "") : "";
  const arrives = `${member ?? ""}${target.path === "" ? "/" : target.path}`;
  return { kind: "passed", by, pass, target, members, url: arrives };
}

/** A rule's URL goes through the worker of the ProxyPass that begins so. */
function sharedParameters(scopes: Scopes, url: string): ReadonlyMap<string, string> {
  const best = linesOf(scopes)
    .filter(
      ({ key, args }) =>
        key === "proxypass" && args[1] !== undefined && args[1] !== "!" && url.startsWith(args[1]),
    )
    .sort((a, b) => (b.args[1]?.length ?? 0) - (a.args[1]?.length ?? 0))[0];
  return parametersOf(best?.args.slice(2) ?? []);
}

const statusNames: Readonly<Record<string, number>> = { permanent: 301, temp: 302, seeother: 303, gone: 410 };

/** `Redirect 301 /ws https://…`, of a server's own lines. */
function redirectOf({ servers, locations }: Scopes, request: RouteRequest): RouteEnd | null {
  const path = pathOf(request);
  const lines = [...servers].reverse().flat();
  for (const node of lines.filter(({ key }) => /^redirect(?:match|permanent|temp)?$/.test(key))) {
    const { status, words } = redirectWords(node);
    const [from = "", to] = words;
    const isTaken = node.key === "redirectmatch" ? matchesPath(from, path) : path.startsWith(from);
    if (isTaken) return { kind: "answered", by: node, status, location: to ?? null };
  }
  for (const node of locations
    .flatMap(({ block }) => block ?? [])
    .filter(({ key }) => key.startsWith("redirect"))) {
    const { status, words } = redirectWords(node);
    if (words.length === 1) return { kind: "answered", by: node, status, location: words[0] ?? null };
  }
  return null;
}

function redirectWords({ key, args }: Node): { readonly status: number; readonly words: readonly string[] } {
  const [first = ""] = args;
  const named = statusNames[first.toLowerCase()] ?? (/^\d{3}$/.test(first) ? Number(first) : undefined);
  const status = named ?? (key === "redirectpermanent" ? 301 : 302);
  return { status, words: named === undefined ? args : args.slice(1) };
}

/** What stands in Locations and Directories: rules of their own, and handlers. */
function insideOf(scopes: Scopes, request: RouteRequest, steps: RuleStep[]): RouteEnd | null {
  const root = scopes.servers.flat().findLast(({ key }) => key === "documentroot")?.args[0] ?? null;
  const folders = scopes.servers
    .flat()
    .filter(
      ({ key, args }) =>
        key === "directory" && root !== null && `${root}/`.startsWith(args[0]?.replace(/\/?$/, "/") ?? " "),
    );
  for (const [nodes, isInFolder] of [
    ...[...scopes.locations].reverse().map(({ block }) => [block ?? [], false] as const),
    ...folders.reverse().map(({ block }) => [block ?? [], true] as const),
  ]) {
    if (!isEngineOn(nodes)) continue;
    const { end, steps: own } = rewritten(nodes, request, isInFolder);
    steps.push(...own);
    if (end?.kind === "proxy") return passed(scopes, end.by, null, end.url);
    if (end?.kind === "answered") return end;
  }
  const handler = linesOf(scopes).findLast(
    ({ key, args }) => key === "sethandler" && /^proxy:/i.test(args[0] ?? ""),
  );
  return handler === undefined
    ? null
    : passed(scopes, handler, null, `${(handler.args[0] ?? "").slice(6).replace(/\/$/, "")}${request.url}`);
}
