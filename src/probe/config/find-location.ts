/**
 * Which location of a server serves a path, by nginx's own rules: an exact one; else the longest prefix, unless a
 * regular expression matches; and the same again inside.
 */
import type { Directive } from "../../proxy/nginx/nginx-tree.js";
import { compilePattern } from "../../proxy/nginx/sample-string.js";
import { testPattern } from "../../proxy/nginx/test-pattern.js";

/** From the outermost location in; empty when the server itself serves the path. */
export function findLocations(server: Directive, path: string): Directive[] {
  const locations = (server.block ?? []).filter(({ name }) => name === "location");
  const found = pick(locations, path);
  return found === null ? [] : [found, ...findLocations(found, path)];
}

function pick(locations: readonly Directive[], path: string): Directive | null {
  const exact = locations.find(({ args }) => args[0] === "=" && args[1] === path);
  if (exact !== undefined) return exact;
  const longest = locations
    .filter((location) => prefixOf(location) !== null && path.startsWith(prefixOf(location) ?? ""))
    .reduce<Directive | null>(
      (best, one) =>
        (prefixOf(one)?.length ?? 0) > (best === null ? -1 : (prefixOf(best)?.length ?? 0)) ? one : best,
      null,
    );
  // The expressions inside a prefix go before those beside it.
  if (longest?.args[0] === "^~") return longest;
  return locations.find((location) => matchesPattern(location, path)) ?? longest;
}

function prefixOf({ args }: Directive): string | null {
  const [first = "", second = ""] = args;
  if (first === "^~") return second;
  return args.length === 1 && !first.startsWith("@") ? first : null;
}

function matchesPattern({ args }: Directive, path: string): boolean {
  const [modifier, pattern = ""] = args;
  if (modifier !== "~" && modifier !== "~*") return false;
  const compiled = compilePattern(pattern, modifier === "~*" ? "i" : "");
  return compiled !== null && testPattern(compiled, path);
}
