/**
 * A config as its user wrote it, seen from one path: which server and location serve it, and which directives hold
 * there. Only read; what really happens is observed at both ends.
 */
import { UsageError } from "../../../base/errors.js";
import type { ReadableFolder } from "../../../scenario/arm.js";
import { createAdoption } from "../adopt/adoption.js";
import { completeConfig } from "../adopt/complete-config.js";
import { speaksTls } from "../language/listen-address.js";
import { type Directive, type Path, placeOf, walk, written } from "../language/nginx-tree.js";
import { parseNginxConfig } from "../language/parse-nginx-config.js";
import { readNginxConfig } from "../language/read-nginx-config.js";
import { findWebSocket, seemingPath, type WebSocketRoute } from "../route/find-web-socket.js";
import { type FollowedRequest, followRequest, type RequestHop } from "../route/follow-request.js";
import { type HopDepths, hopDepths, serversBehind } from "../route/own-hops.js";
import { sampleServerName } from "../route/server-names.js";

export interface ConfigView {
  readonly tree: readonly Directive[];
  readonly server: Directive | null;
  /** Around what serves the path in the end, the outermost first; empty when the server itself does. */
  readonly locations: readonly Directive[];
  /** What hands a request on within the server, and to where. */
  readonly hops: readonly RequestHop[];
  /** What changes its path on the way. */
  readonly rewrites: readonly Directive[];
  /** What answers in place of a pass, as far as the config tells; null where there is a pass. */
  readonly answer: Directive | null;
  /** Blocks that hold for the path, the innermost first. */
  readonly scopes: readonly Directive[];
  /** The directives of this name that hold for the path: those of the innermost block that has any. */
  effective(name: string): readonly Directive[];
  /** "location /sock at site.conf:12", or how the server itself is called. */
  readonly where: string;
  /** Where another proxy_set_header is to stand: beside those that hold, for a new place would take them away. */
  readonly whereHeaders: string;
}

/** Nothing is adopted here, so that no address and no wish matters. */
const onlyRead = { connections: 1, backend: { host: "127.0.0.1", port: 0 }, path: null, serverName: null };

/**
 * @param confinedTo folders that a stranger's config may be read from; null for a user's own
 * @throws UsageError or ConfigRefusedError when the file cannot be read
 */
export function readConfigTree(
  file: string,
  confinedTo: readonly ReadableFolder[] | null,
): readonly Directive[] {
  return completeConfig(readNginxConfig(file, createAdoption(file, { ...onlyRead, confinedTo }))).tree;
}

/** @param text the built-in config as it runs */
export function parseConfigTree(text: string): readonly Directive[] {
  return parseNginxConfig(text, "the built-in config");
}

/** @param serverName which of its servers; null for the one that proxies WebSockets */
export function viewConfig(
  tree: readonly Directive[],
  path: string,
  serverName: string | null = null,
): ConfigView {
  return viewServer(tree, findRoute(tree, { path, serverName })?.server ?? null, path);
}

/** How many servers of its own the config passes this path's requests through beyond the first. */
export function hopsOf({ tree, scopes }: ConfigView): HopDepths {
  return hopDepths(tree, scopes.slice(0, 1));
}

/** The config's own servers that a request goes through behind the one it reaches first, likewise. */
export function viewsBehind({ tree, scopes }: ConfigView, path: string): ConfigView[] {
  return serversBehind(tree, scopes.slice(0, 1)).map((server) => viewServer(tree, server, path));
}

function viewServer(tree: readonly Directive[], server: Directive | null, path: string): ConfigView {
  const outer = server === null ? [] : pathTo(tree, server);
  const { locations, condition, hops, rewrites, answer } =
    server === null ? nowhere : follow(tree, server, path);
  const around = condition === null ? locations : [...locations, condition];
  const scopes = [...outer, ...(server === null ? [] : [server]), ...around].reverse();
  const own = scopes.slice(0, condition === null ? 1 : 2);
  const effective = (name: string): readonly Directive[] =>
    // A pass is not inherited, but by an `if` from its location.
    (/_pass$/.test(name) ? own : scopes)
      .map(({ block }) => (block ?? []).filter((node) => node.name === name))
      .find(({ length }) => length > 0) ?? [];
  const where = whereIn(server, around);
  const [header] = effective("proxy_set_header");
  const isInherited = header !== undefined && !around.at(-1)?.block?.includes(header);
  return {
    tree,
    server,
    locations,
    hops,
    rewrites,
    answer,
    scopes,
    effective,
    where,
    whereHeaders: isInherited ? `beside the proxy_set_header at ${placeOf(header.origin)}` : `in ${where}`,
  };
}

const nowhere: FollowedRequest = { locations: [], condition: null, hops: [], rewrites: [], answer: null };

function follow(tree: readonly Directive[], server: Directive, path: string): FollowedRequest {
  const host = sampleServerName(server);
  return followRequest(tree, server, { path, host, connection: "Upgrade", tls: speaksTls(server) });
}

/** "`try_files $uri @app` at site.conf:6 hands the request to `location @app` at site.conf:9", one each. */
export function hopWords({ server, hops }: Pick<ConfigView, "server" | "hops">): string[] {
  return hops.map(({ by, to }) => {
    const words = written(by);
    return `${words} hands the request to ${whereIn(server, to === null ? [] : [to])}`;
  });
}

/** "`location /sock` at site.conf:12", or how the server itself is called. */
function whereIn(server: Directive | null, around: readonly Directive[]): string {
  const innermost = around.at(-1);
  if (innermost === undefined) return `the server${server === null ? "" : ` at ${placeOf(server.origin)}`}`;
  return written(innermost);
}

function pathTo(tree: readonly Directive[], wanted: Directive): Path {
  for (const { node, path } of walk(tree)) if (node === wanted) return path;
  return [];
}

/** The path to probe where none was given: where Upgrade is proxied, as far as that can be written as a path. */
export function findWebSocketPath(
  tree: readonly Directive[],
  usual: string,
  serverName: string | null = null,
): string {
  return seemingPath(tree, serverName) ?? usual;
}

/** Null where the config proxies nothing, or nothing that can be told. */
function findRoute(
  tree: readonly Directive[],
  wanted: { readonly path: string | null; readonly serverName: string | null },
): WebSocketRoute | null {
  try {
    return findWebSocket(tree, wanted, "the config");
  } catch (thrown) {
    if (thrown instanceof UsageError) return null;
    throw thrown;
  }
}
