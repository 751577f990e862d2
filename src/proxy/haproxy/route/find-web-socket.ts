/**
 * Where in a config WebSockets are proxied: which frontend to measure, and how to ask for them. Every frontend is tried
 * with the paths and hosts that the config's own conditions name.
 */
import { UsageError } from "../../../base/errors.js";
import {
  type ConfigLine,
  type ConfigTree,
  isBackend,
  isFrontend,
  type Section,
} from "../language/config-tree.js";
import { modeOf } from "../language/effective.js";
import { type Address, bindAddresses, isSameSocket, parseAddress } from "./addresses.js";
import { candidatesOf, usualPath } from "./candidates.js";
import { criteriaOf, splitCondition } from "./condition.js";
import { followRoute, type Route, type RouteEnd } from "./follow-route.js";
import { browserRequest } from "./request.js";

export interface WebSocketRoute extends Route {
  /** The bind that is measured; null for a frontend without one. */
  readonly bind: ConfigLine | null;
  /** What to ask for as Host; null where any will do. */
  readonly serverName: string | null;
  readonly path: string;
  readonly tls: boolean;
  /** Every frontend and backend on the way, from the client on: a server may be a frontend of the same config. */
  readonly stages: readonly Stage[];
}

export interface Stage {
  readonly frontend: Section;
  /** Null where the way ends in the frontend. */
  readonly backend: Section | null;
}

export interface Wanted {
  /** What the user asks to have measured, a frontend or a host; null for what the config itself says. */
  readonly serverName: string | null;
  readonly path: string | null;
}

export type ReadLines = (file: string) => readonly string[] | null;

const telling =
  /(?:^|[^a-z])(ws|wss|websockets?|sock|sockets?|socket\.io|sockjs|cable|hubs?|live|realtime|stream)(?:[^a-z]|$)/i;

/**
 * Null when the config has no frontend.
 * @throws UsageError when the server asked for is not there
 */
export function findWebSocket(
  tree: ConfigTree,
  wanted: Wanted,
  readLines: ReadLines,
  file: string,
): WebSocketRoute | null {
  const all = tree.filter((section) => isFrontend(section) && bindsOf(section).length > 0);
  const byName = all.filter(({ name }) => name === wanted.serverName);
  const frontends = byName.length > 0 ? byName : all;
  const { paths, hosts } = candidatesOf(tree, readLines);
  const isHost = wanted.serverName !== null && byName.length === 0;
  if (isHost && !hosts.some((host) => host.toLowerCase() === wanted.serverName?.toLowerCase())) {
    const names = [...all.flatMap(({ name }) => name ?? []), ...hosts];
    throw new UsageError(
      `Cannot find a frontend or a host named ${wanted.serverName} in ${file}: want one of ${[...new Set(names)].join(", ")}`,
    );
  }
  const inner = innerFrontends(tree);
  let best: { readonly route: WebSocketRoute; readonly rank: number } | null = null;
  for (const frontend of frontends) {
    for (const host of isHost ? [wanted.serverName] : [null, ...hosts]) {
      for (const path of wanted.path === null ? paths : [wanted.path]) {
        const route = routeThrough(tree, frontend, { host, path, readLines });
        const rank = rankOf(route, tree) - (inner.has(frontend) ? 12 : 0);
        if (best === null || rank > best.rank) best = { route, rank };
      }
    }
  }
  return best?.route ?? null;
}

export function bindsOf({ lines }: Section): readonly ConfigLine[] {
  return lines.filter(({ name }) => name === "bind");
}

interface Trial {
  /** Null for any. */
  readonly host: string | null;
  readonly path: string;
  readonly readLines: ReadLines;
}

/** Where a browser that asks a frontend for a path comes to. */
export function routeThrough(
  tree: ConfigTree,
  frontend: Section,
  { host, path, readLines }: Trial,
): WebSocketRoute {
  const bind = measuredBind(frontend);
  const tls = bind?.args.includes("ssl") ?? false;
  const port = bind === null ? null : (bindAddresses(bind.args[0] ?? "")[0]?.port ?? null);
  const request = browserRequest({ path, host, tls, port });
  const ways = [followRoute(tree, frontend, { request, readLines })];
  for (let next = nextFrontend(tree, ways); next !== null; next = nextFrontend(tree, ways))
    ways.push(followRoute(tree, next, { request, readLines }));
  const last = ways.at(-1) as Route;
  const stages = ways.map(({ frontend, end }) => ({ frontend, backend: backendOf(end) }));
  const steps = ways.flatMap((way) => way.steps);
  return { ...last, frontend, steps, stages, bind, serverName: host, path, tls };
}

function backendOf(end: RouteEnd): Section | null {
  return end.kind === "server" || end.kind === "no-server" ? end.backend : null;
}

/** Where a server is a frontend of the same config, that one; null where it is none, or was passed already. */
function nextFrontend(tree: ConfigTree, ways: readonly Route[]): Section | null {
  const { end } = ways.at(-1) as Route;
  if (end.kind !== "server") return null;
  const servers = end.servers.map(({ args }) => parseAddress(args[1] ?? ""));
  const next = tree.find(
    (section) =>
      isFrontend(section) &&
      bindsOf(section)
        .flatMap(({ args }) => bindAddresses(args[0] ?? ""))
        .some((bind) => servers.some((server) => isSameSocket(server, bind))),
  );
  return next === undefined || ways.some(({ frontend }) => frontend === next) ? null : next;
}

/** TLS before plain, TCP before a Unix socket: what clients most likely use. */
function measuredBind(frontend: Section): ConfigLine | null {
  const rank = ({ args }: ConfigLine): number =>
    (args.includes("ssl") ? 2 : 0) +
    (bindAddresses(args[0] ?? "").some(({ kind }) => kind === "tcp") ? 1 : 0);
  const usable = bindsOf(frontend).filter(
    ({ args }) => !bindAddresses(args[0] ?? "").every(({ kind }) => kind === "quic"),
  );
  return [...usable].sort((a, b) => rank(b) - rank(a))[0] ?? null;
}

function rankOf(route: WebSocketRoute, tree: ConfigTree): number {
  const { end, steps, serverName, path, frontend } = route;
  const leads = end.kind === "server";
  const decisive = steps.filter(({ line, truth }) => truth === true && line.name === "use_backend");
  const asks = decisive.some(({ section, line }) =>
    criteriaOf(splitCondition(line.args).condition, (name) =>
      section.lines.filter((one) => one.name === "acl" && one.args[0] === name),
    ).some(({ expression }) => /^(?:upgrade|connection|sec-websocket)/i.test(expression.fetch.args[0] ?? "")),
  );
  const words = [
    leads ? (end.backend.name ?? "") : "",
    path === usualPath ? "" : path,
    serverName ?? "",
  ].join(" ");
  const tunnels = leads && modeOf(end.backend, tree).mode === "http";
  return (
    (leads ? 16 : 0) +
    (asks ? 8 : 0) +
    (leads && telling.test(words) ? 4 : 0) +
    (tunnels ? 2 : 0) +
    (route.tls ? 0.5 : 0) -
    (serverName === null ? 0 : 0.25) -
    (path === usualPath ? 0 : 0.125) -
    (frontend.name === "stats" ? 1 : 0)
  );
}

/** Frontends that a server of the same config connects to. */
function innerFrontends(tree: ConfigTree): ReadonlySet<Section> {
  const servers: readonly Address[] = tree
    .filter(isBackend)
    .flatMap(({ lines }) => lines.filter(({ name }) => name === "server"))
    .map(({ args }) => parseAddress(args[1] ?? ""));
  const isInner = (frontend: Section): boolean =>
    bindsOf(frontend)
      .flatMap(({ args }) => bindAddresses(args[0] ?? ""))
      .some((bind) => servers.some((server) => isSameSocket(server, bind)));
  return new Set(tree.filter((section) => isFrontend(section) && isInner(section)));
}
