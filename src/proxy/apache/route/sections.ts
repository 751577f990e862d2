/**
 * Which sections of a config hold for a path: the server's own lines, its virtual host's, and Locations in their order.
 */
import { compilePattern } from "../../patterns/sample-string.js";
import { matchPattern, testPattern } from "../../patterns/test-pattern.js";
import type { ConfigTree, Node } from "../language/config-tree.js";

/** Of one request: outermost first, so that the last to speak holds. */
export interface Scopes {
  /** The main server's and the virtual host's; one list where there is no virtual host. */
  readonly servers: readonly ConfigTree[];
  /** Location and LocationMatch that the path lies in, in the order that they are merged in. */
  readonly locations: readonly Node[];
}

export function scopesOf(tree: ConfigTree, host: Node | null, path: string): Scopes {
  const servers = host === null ? [tree] : [tree, host.block ?? []];
  const locations = servers.flatMap((nodes) => nodes.filter((node) => isLocationOf(node, path)));
  return { servers, locations };
}

/** Every line that stands directly in one of the scopes. */
export function linesOf({ servers, locations }: Scopes): readonly Node[] {
  return [...servers.flat(), ...locations.flatMap(({ block }) => block ?? [])];
}

/** The one that holds of those that replace one another. */
export function effective(scopes: Scopes, key: string): Node | null {
  return linesOf(scopes).findLast((node) => node.key === key) ?? null;
}

function isLocationOf({ key, args, block }: Node, path: string): boolean {
  if (block === null) return false;
  if (key === "locationmatch") return matchesPath(args[0] ?? "", path);
  if (key !== "location") return false;
  const [first = "", second = ""] = args;
  if (first === "~") return matchesPath(second, path);
  return isBelow(first, path);
}

export function matchesPath(pattern: string, path: string): boolean {
  const compiled = compilePattern(pattern, "");
  return compiled !== null && testPattern(compiled, path);
}

/** `/ws` holds for /ws and for what is below it, `/ws/` for what is below it alone. */
export function isBelow(prefix: string, path: string): boolean {
  if (/[*?[]/.test(prefix)) return matchesGlob(prefix, path);
  if (!path.startsWith(prefix)) return false;
  return prefix.endsWith("/") || path.length === prefix.length || path[prefix.length] === "/";
}

function matchesGlob(glob: string, path: string): boolean {
  const source = glob
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replace(/\*+/g, "[^/]*")
    .replaceAll("?", "[^/]");
  return matchesPath(`^${source}(?:/|$)`, path);
}

/** What is behind a prefix of ProxyPass; null where it does not hold. Its last component has to be the whole of one. */
export function behindPrefix(prefix: string, path: string): string | null {
  return isBelow(prefix.replace(/[*?[]/g, "\\$&"), path) ? path.slice(prefix.length) : null;
}

/** `$1` filled in; null where a pattern does not match. Without any group the path stands behind. */
export function substituted(pattern: string, replacement: string, path: string): string | null {
  const compiled = compilePattern(pattern, "");
  const found = compiled === null ? null : matchPattern(compiled, path);
  if (found === null) return null;
  if (!/\$\d|&/.test(replacement)) return `${replacement}${path}`;
  return replacement.replace(/\$(\d)/g, (_, group: string) => found[Number(group)] ?? "");
}
