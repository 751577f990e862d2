/**
 * A config as its user wrote it, seen from one path: which server and location serve it, and which directives hold
 * there. Only read; what really happens is observed at both ends.
 */
import { createAdoption } from "../../proxy/nginx/adoption.js";
import { findTargetServer } from "../../proxy/nginx/find-target-server.js";
import { type Directive, directive, type Path, placeOf, walk } from "../../proxy/nginx/nginx-tree.js";
import { parseNginxConfig } from "../../proxy/nginx/parse-nginx-config.js";
import { readNginxConfig } from "../../proxy/nginx/read-nginx-config.js";
import { findLocations } from "./find-location.js";

export interface ConfigView {
  readonly tree: readonly Directive[];
  readonly server: Directive | null;
  /** From the outermost location in; empty when the server itself serves the path. */
  readonly locations: readonly Directive[];
  /** Blocks that hold for the path, the innermost first. */
  readonly scopes: readonly Directive[];
  /** The directives of this name that hold for the path: those of the innermost block that has any. */
  effective(name: string): readonly Directive[];
  /** "location /sock at site.conf:12", or how the server itself is called. */
  readonly where: string;
  /** Where another proxy_set_header is to stand: beside those that hold, for a new place would take them away. */
  readonly whereHeaders: string;
}

/** @throws UsageError or ConfigRefusedError when the file cannot be read */
export function readConfigTree(file: string): readonly Directive[] {
  const tree = readNginxConfig(file, createAdoption(file, { connections: 1, path: "/" }));
  const names = new Set(tree.map(({ name }) => name));
  const isPart = (names.has("server") || names.has("upstream")) && !names.has("http") && !names.has("events");
  return isPart ? [{ ...directive("http"), block: tree }] : tree;
}

/** @param text the built-in config as it runs */
export function parseConfigTree(text: string): readonly Directive[] {
  return parseNginxConfig(text, "the built-in config");
}

export function viewConfig(tree: readonly Directive[], path: string): ConfigView {
  const server = findTargetServer(tree, path);
  const bare = path.split("?")[0] ?? "/";
  const locations = server === null ? [] : findLocations(server, bare);
  const outer = server === null ? [] : pathTo(tree, server);
  const scopes = [...outer, ...(server === null ? [] : [server]), ...locations].reverse();
  const innermost = locations.at(-1);
  const effective = (name: string): readonly Directive[] =>
    scopes
      .map(({ block }) => (block ?? []).filter((node) => node.name === name))
      .find(({ length }) => length > 0) ?? [];
  const where =
    innermost === undefined
      ? `the server${server === null ? "" : ` at ${placeOf(server.origin)}`}`
      : `\`location ${innermost.args.join(" ")}\` at ${placeOf(innermost.origin)}`;
  const [header] = effective("proxy_set_header");
  const isInherited = header !== undefined && !innermost?.block?.includes(header);
  return {
    tree,
    server,
    locations,
    scopes,
    effective,
    where,
    whereHeaders: isInherited ? `beside the proxy_set_header at ${placeOf(header.origin)}` : `in ${where}`,
  };
}

function pathTo(tree: readonly Directive[], wanted: Directive): Path {
  for (const { node, path } of walk(tree)) if (node === wanted) return path;
  return [];
}

/** The path to probe where none was given: where Upgrade is proxied, as far as that can be written as a path. */
export function findWebSocketPath(tree: readonly Directive[], usual: string): string {
  const server = findTargetServer(tree, usual);
  if (server === null) return usual;
  const ranked = [...walk([server])]
    .filter(({ node, path }) => node.name === "location" && !path.some(({ name }) => name === "location"))
    .map(({ node }) => ({ path: pathOf(node, usual), rank: rankOf(node) }))
    .filter((one): one is { path: string; rank: number } => one.path !== null && one.rank > 0);
  const best = Math.max(0, ...ranked.map(({ rank }) => rank));
  const candidates = ranked.filter(({ rank }) => rank === best).map(({ path }) => path);
  return candidates.includes(usual) ? usual : (candidates[0] ?? usual);
}

/** 3: proxies and sets Upgrade; 2: proxies below a path of its own; 1: proxies. */
function rankOf(location: Directive): number {
  const nodes = [...walk([location])].map(({ node }) => node);
  if (!nodes.some(({ name }) => name === "proxy_pass")) return 0;
  if (nodes.some(({ name, args }) => name === "proxy_set_header" && args[0]?.toLowerCase() === "upgrade"))
    return 3;
  return 1;
}

function pathOf({ args }: Directive, usual: string): string | null {
  const [first = "", second = ""] = args;
  const pattern = first === "~" || first === "~*";
  if (pattern) return patternHolds(second, usual) ? usual : plainPattern(second);
  const prefix = first === "=" || first === "^~" ? second : first;
  if (prefix.startsWith("@")) return null;
  return usual.startsWith(prefix) && first !== "=" ? usual : prefix;
}

function patternHolds(pattern: string, path: string): boolean {
  try {
    return new RegExp(pattern).test(path);
  } catch {
    // PCRE knows forms that JavaScript does not.
    return false;
  }
}

/** `^/ws(/|$)` stands for `/ws`. */
function plainPattern(pattern: string): string | null {
  return /^\^(\/[\w/-]*\w)/.exec(pattern)?.[1] ?? null;
}
