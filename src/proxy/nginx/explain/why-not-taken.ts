/**
 * Why another location than the one that seems meant takes a path, by nginx's order of preference.
 */

import { compilePattern } from "../../patterns/sample-string.js";
import { testPattern } from "../../patterns/test-pattern.js";
import { type Directive, written } from "../language/nginx-tree.js";
import { locationMatch } from "../route/select-location.js";
import type { ConfigView } from "./config-view.js";

/** Null where the path is none of the location's. */
export function whyNotTaken({ locations }: ConfigView, meant: Directive, target: string): string | null {
  const [path = "/"] = target.split("?");
  const wanted = locationMatch(meant);
  const [taker] = locations;
  const taken = taker === undefined ? null : locationMatch(taker);
  const fits =
    wanted.kind === "pattern"
      ? isMatch(wanted.text, wanted.flags, path)
      : wanted.kind === "prefix" && path.startsWith(wanted.text);
  if (!fits || taken === null || taker === undefined) return null;
  const words = written(taker);
  if (taken.kind === "exact") return `would take it, were ${words} not exact`;
  if (taken.kind === "prefix" && wanted.kind === "pattern")
    return `would take it, but the ^~ of ${words} keeps regular expressions out`;
  if (taken.kind === "prefix") return `would take it, but ${words} is the longer prefix`;
  return wanted.kind === "pattern"
    ? `would take it, but of regular expressions the first one that matches wins: ${words}`
    : `would take it, but a regular expression goes before a prefix without ^~: ${words}`;
}

function isMatch(pattern: string, flags: string, path: string): boolean {
  const compiled = compilePattern(pattern, flags);
  return compiled !== null && testPattern(compiled, path);
}
