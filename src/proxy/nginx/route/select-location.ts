/**
 * Which location a path ends up in, by nginx's own rules (ngx_http_core_find_location). Rewrites are not followed.
 */
import { compilePattern } from "../../patterns/sample-string.js";
import { testPattern } from "../../patterns/test-pattern.js";
import type { Directive } from "../language/nginx-tree.js";

export type LocationMatch =
  | { readonly kind: "exact" | "named"; readonly text: string }
  /** `final`: `^~`, which no regular expression goes before. */
  | { readonly kind: "prefix"; readonly text: string; readonly final: boolean }
  | { readonly kind: "pattern"; readonly text: string; readonly flags: "" | "i" };

/** The modifier may be written together with what follows it. */
export function locationMatch({ args }: Directive): LocationMatch {
  const [, modifier = "", rest = ""] = args.join(" ").match(/^(=|\^~|~\*|~)?\s*(.*)$/s) ?? [];
  switch (modifier) {
    case "=":
      return { kind: "exact", text: rest };
    case "^~":
      return { kind: "prefix", text: rest, final: true };
    case "~":
    case "~*":
      return { kind: "pattern", text: rest, flags: modifier === "~*" ? "i" : "" };
    default:
      return rest.startsWith("@")
        ? { kind: "named", text: rest }
        : { kind: "prefix", text: rest, final: false };
  }
}

/** The locations around the one that serves the path, outermost first; none when the server itself does. */
export function selectLocation(server: Directive, requestPath: string): readonly Directive[] {
  return find(server, requestPath.split("?")[0] ?? "/", []).chain;
}

function matchesPattern({ text, flags }: { text: string; flags: string }, path: string): boolean {
  const pattern = compilePattern(text, flags);
  return pattern !== null && testPattern(pattern, path);
}

interface Found {
  readonly chain: readonly Directive[];
  /** Whether a pattern around it could no longer take its place. */
  readonly settled: boolean;
}

function find(block: Directive, path: string, chain: readonly Directive[]): Found {
  const locations = (block.block ?? [])
    .filter(({ name }) => name === "location")
    .map((location) => ({ location, match: locationMatch(location) }));
  const exact = locations.find(({ match }) => match.kind === "exact" && match.text === path);
  if (exact !== undefined) return { chain: [...chain, exact.location], settled: true };
  const [longest] = locations
    .filter(({ match }) => match.kind === "prefix" && path.startsWith(match.text))
    .sort((a, b) => b.match.text.length - a.match.text.length);
  let found: Found = { chain, settled: false };
  if (longest !== undefined) {
    found = find(longest.location, path, [...chain, longest.location]);
    if (found.settled || (longest.match.kind === "prefix" && longest.match.final)) return found;
  }
  const pattern = locations.find(({ match }) => match.kind === "pattern" && matchesPattern(match, path));
  if (pattern === undefined) return found;
  return { chain: find(pattern.location, path, [...chain, pattern.location]).chain, settled: true };
}
