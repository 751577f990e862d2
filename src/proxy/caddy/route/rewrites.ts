/**
 * What becomes of a path: `handle_path`, `uri`, `rewrite`, `try_files`.
 */
import type { Directive } from "../language/config-tree.js";
import { plainArguments } from "./addresses.js";

/** `handle_path /ws/*` takes `/ws` away. */
export function strippedPrefix({ args: [first] }: Directive, path: string): string {
  const prefix = (first?.text ?? "").replace(/\*+$/, "").replace(/\/$/, "");
  return withoutPrefix(path, prefix);
}

function withoutPrefix(path: string, prefix: string): string {
  if (prefix === "" || !path.toLowerCase().startsWith(prefix.toLowerCase())) return path;
  const rest = path.slice(prefix.length);
  return rest.startsWith("/") ? rest : `/${rest}`;
}

/** Null where the line answers instead: `try_files … =404`. */
export function rewrittenPath(line: Directive, path: string): string | null {
  const args = plainArguments(line);
  if (line.name === "uri") return changedPath(args, path);
  const to = (line.name === "try_files" ? args.at(-1) : args[0]) ?? "";
  if (/^=\d{3}$/.test(to)) return null;
  // Of files that are tried none is a WebSocket's path: the last one is what it falls back to.
  const filled = to.replace(
    /\{(?:http\.request\.)?(?:uri|path|orig_uri|http\.request\.uri\.path|uri\.path)\}/g,
    path,
  );
  if (filled.startsWith("?") || filled === "") return path;
  return filled.replace(/\?.*$/s, "") || "/";
}

function changedPath([what = "", first = "", second = ""]: readonly string[], path: string): string {
  switch (what) {
    case "strip_prefix":
      return withoutPrefix(path, first.replace(/\/$/, ""));
    case "strip_suffix":
      return path.endsWith(first) ? path.slice(0, -first.length) || "/" : path;
    case "replace":
      return first === "" ? path : path.replaceAll(first, second);
    default:
      return path;
  }
}
