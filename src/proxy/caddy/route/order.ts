/**
 * The order in which Caddy asks the directives of a site: by what they are and not by where they stand
 * (caddyconfig/httpcaddyfile/directives.go, `defaultDirectiveOrder` and `sortRoutes`).
 */
import { type ConfigTree, type Directive, globalLines, words } from "../language/config-tree.js";
import { isMatcher } from "./addresses.js";

const directiveOrder: readonly string[] = [
  ...["tracing", "map", "vars", "fs", "root", "log_append", "skip_log", "log_skip", "log_name", "header"],
  ...["copy_response_headers", "request_body", "redir", "method", "rewrite", "uri", "try_files"],
  ...[
    "basicauth",
    "basic_auth",
    "forward_auth",
    "request_header",
    "encode",
    "push",
    "intercept",
    "templates",
  ],
  ...["invoke", "handle", "handle_path", "route", "abort", "error", "copy_response", "respond", "metrics"],
  ...["reverse_proxy", "php_fastcgi", "file_server", "acme_server"],
];

/** What a site has that is no handler, and takes no part in a request. */
const noHandlers = new Set(["bind", "tls", "log", "import", "handle_errors", "handle_response"]);

/** With what `order` of the global options changes. */
export function orderOf(tree: ConfigTree): readonly string[] {
  return globalLines(tree)
    .filter(({ name }) => name === "order")
    .reduce<readonly string[]>((order, line) => {
      const [name = "", where, other = ""] = words(line);
      const rest = order.filter((one) => one !== name);
      if (where === "first") return [name, ...rest];
      if (where === "last") return [...rest, name];
      const at = rest.indexOf(other);
      if (at === -1) return order;
      const to = where === "before" ? at : at + 1;
      return [...rest.slice(0, to), name, ...rest.slice(to)];
    }, directiveOrder);
}

/** The handlers among the lines, as they are asked. */
export function sortedHandlers(
  lines: readonly Directive[],
  order: readonly string[],
  matchers: ReadonlyMap<string, readonly Directive[]>,
): Directive[] {
  const rank = ({ name }: Directive): number => {
    const at = order.indexOf(name === "handle_path" ? "handle" : name);
    return at === -1 ? order.length : at;
  };
  return lines
    .filter(({ name }) => !name.startsWith("@") && !noHandlers.has(name))
    .map((line, index) => ({ line, index, length: pathLength(line, matchers) }))
    .sort(
      (a, b) =>
        rank(a.line) - rank(b.line) ||
        b.length - a.length ||
        Number(hasMatcher(b.line)) - Number(hasMatcher(a.line)) ||
        a.index - b.index,
    )
    .map(({ line }) => line);
}

function hasMatcher({ args: [first] }: Directive): boolean {
  return first !== undefined && isMatcher(first) && first.text !== "*";
}

/** Of the one path that it is matched by; 0 where there is none, or more than one. */
function pathLength(
  { args: [first] }: Directive,
  matchers: ReadonlyMap<string, readonly Directive[]>,
): number {
  if (first === undefined) return 0;
  if (first.text.startsWith("/")) return weight(first.text);
  const [set, more] = matchers.get(first.text) ?? [];
  if (set === undefined || more !== undefined) return 0;
  const paths = matcherLinesOf(set).filter(({ name }) => name === "path");
  const [path, another] = paths.flatMap(words);
  return path === undefined || another !== undefined ? 0 : weight(path);
}

/** Of two that differ in a `*` at the end alone, the one without goes first. */
function weight(path: string): number {
  return path.endsWith("*") ? path.length - 1 : path.length;
}

/** `@name path /x` and `@name not { … }` is one line of a set, `@name { … }` has them in its block. */
export function matcherLinesOf({ args, block, place }: Directive): readonly Directive[] {
  const [first, ...rest] = args;
  if (first === undefined) return block ?? [];
  // A word in backquotes alone is an expression.
  if (first.quoted && rest.length === 0) return [{ name: "expression", args: [first], block: null, place }];
  return [{ name: first.text, args: rest, block, place }];
}
