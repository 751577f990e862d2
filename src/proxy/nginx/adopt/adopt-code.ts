/**
 * Keeps an adopted config from running code: a config is a text from elsewhere, and nginx runs what some directives
 * name even while it only checks the file. What has no part in an open WebSocket is left out with a note; what decides
 * the request's way is refused, for without it something else would be measured.
 */
import { UsageError } from "../../../base/errors.js";
import { type Directive, directive, type Path, placeOf, rewrite } from "../language/nginx-tree.js";
import type { Adoption } from "./adoption.js";

/** Blocks beside http, by their names. */
const otherBlocks = new Set(["stream", "mail", "rtmp"]);
/** Take a request's answer upon themselves, or make a value that others use. */
const handlers = /^(content_by_lua(_block|_file)?|js_content|perl|passenger_enabled)$/;
const setters = /^(set_by_lua(_block|_file)?|js_set|perl_set)$/;
/** Everything else of the modules that run code or start processes, or write where they please. */
const coders =
  /^(\w+_by_lua(_block|_file|_no_postpone)?|lua_\w+|js_\w+|perl_\w+|passenger_\w+|modsecurity\w*|pagespeed\w*|vhost_traffic_status_dump|google_perftools_profiles)$/i;
/** Write files that a request makes. */
const stores = /^((proxy|fastcgi|uwsgi|scgi)_store(_access)?|dav_methods|create_full_put_path)$/;

/**
 * @param around the blocks around the proxy_pass that is measured, by identity
 * @throws UsageError for code that the measured requests would run into
 */
export function adoptCode(tree: readonly Directive[], around: Path, adoption: Adoption): Directive[] {
  // Blocks are rebuilt on the way down; where one was written tells which it is.
  const measured = new Set(around.map(({ origin }) => origin));
  return rewrite(tree, (node, path) => {
    const { name, origin } = node;
    const what = kindOf(node, path);
    if (what === null || origin === null) return [node];
    const inTheWay = path.every((outer) => measured.has(outer.origin));
    if (what === "handler" && inTheWay && answersHere(node, path)) throw codeRefusal(node);
    if (what === "setter") {
      const [variable = ""] = node.args;
      if (inTheWay || path.length === 1) throw codeRefusal(node);
      adoption.note(`${name} was left out: ${variable} is empty, wsrally runs no code of a config`, origin);
      return [{ ...directive("set", variable, ""), origin }];
    }
    adoption.note(`${name}${shownArgument(node)} was left out: ${reasonOf(name)}`, origin);
    return [];
  });
}

/** One that was meant for the blocks within does not take the place of their own passes. */
function answersHere({ args }: Directive, path: Path): boolean {
  return args[0] !== "off" && path.at(-1)?.block?.some(({ name }) => name === "proxy_pass") === true;
}

type CodeKind = "beside" | "handler" | "setter" | "rest";

function kindOf({ name, block }: Directive, path: Path): CodeKind | null {
  if (path.length === 0) {
    if (name === "load_module" || name === "ssl_engine") return "rest";
    if (otherBlocks.has(name) && block !== null) return "beside";
  }
  if (handlers.test(name)) return "handler";
  if (setters.test(name)) return "setter";
  return coders.test(name) || stores.test(name) ? "rest" : null;
}

function reasonOf(name: string): string {
  if (otherBlocks.has(name)) return "no WebSocket goes through it";
  if (stores.test(name)) return "wsrally lets nginx write into the run's own folder only";
  return "wsrally runs no code of a config";
}

/** `load_module modules/x.so` is told by its file; code is not repeated. */
function shownArgument({ name, args }: Directive): string {
  return name === "load_module" || name === "ssl_engine" ? ` ${args[0] ?? ""}` : "";
}

function codeRefusal({ name, origin }: Directive): UsageError {
  return new UsageError(
    `Cannot adopt ${placeOf(origin)}: ${name} decides on the measured requests, and wsrally runs no code of a config; ` +
      "take it out of a copy, or choose another location with --path",
  );
}
