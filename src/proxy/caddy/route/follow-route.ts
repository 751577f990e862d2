/**
 * The way of a request through a site: which directives it meets, in Caddy's order, and where it ends. Nothing is started.
 */
import type { Block, ConfigTree, Directive } from "../language/config-tree.js";
import { lineNamed } from "../language/config-tree.js";
import { plainArguments } from "./addresses.js";
import { type Matchers, matchersOf, matchesWord } from "./matchers.js";
import { orderOf, sortedHandlers } from "./order.js";
import type { RouteRequest } from "./request.js";
import { rewrittenPath, strippedPrefix } from "./rewrites.js";

export type RouteEnd =
  | { readonly kind: "proxy"; readonly line: Directive }
  /** Caddy answers itself: `respond`, `redir`, `file_server`, `error` and the like. */
  | { readonly kind: "answer"; readonly line: Directive }
  /** Nothing takes it: an empty 200. */
  | { readonly kind: "nothing" };

export interface Followed {
  readonly end: RouteEnd;
  /** All that it met on the way, its end included, outer before inner. */
  readonly met: readonly Directive[];
  /** What only a running Caddy can tell stood on the way: files, expressions, addresses. */
  readonly unsure: readonly Directive[];
  /** As it stands at the end. */
  readonly path: string;
}

interface State {
  request: RouteRequest;
  readonly met: Directive[];
  readonly unsure: Directive[];
}

interface Terms {
  readonly order: readonly string[];
  readonly tree: ConfigTree;
  /** Named routes that are being followed: one may invoke itself. */
  readonly depth: number;
}

export function followRoute(site: Block, request: RouteRequest, tree: ConfigTree): Followed {
  const state: State = { request, met: [], unsure: [] };
  const terms = { order: orderOf(tree), tree, depth: 0 };
  const end = followLines(site.lines, state, {
    ...terms,
    matchers: new Map(),
    isLiteral: site.order === "literal",
  });
  return { end: end ?? { kind: "nothing" }, met: state.met, unsure: state.unsure, path: state.request.path };
}

interface Level extends Terms {
  readonly matchers: Matchers;
  readonly isLiteral: boolean;
}

/** Null where the request goes on to what stands behind. */
function followLines(lines: readonly Directive[], state: State, level: Level): RouteEnd | null {
  const matchers = matchersOf(lines, level.matchers);
  const handlers = level.isLiteral
    ? lines.filter(({ name }) => !name.startsWith("@"))
    : sortedHandlers(lines, level.order, matchers);
  const taken = new Set<string>();
  for (const line of handlers) {
    const group = groups[line.name];
    if (group !== undefined && taken.has(group)) continue;
    const verdict = matchesWord(matcherWord(line), state.request, matchers);
    if (verdict === null) state.unsure.push(line);
    if (verdict !== true) continue;
    if (group !== undefined) taken.add(group);
    state.met.push(line);
    const end = pass(line, state, { ...level, matchers });
    if (end !== null) return end;
  }
  return null;
}

/** Of each only the first that matches is asked. */
const groups: Readonly<Record<string, string>> = {
  handle: "handle",
  handle_path: "handle",
  rewrite: "rewrite",
  root: "root",
};

function matcherWord({ args: [first] }: Directive): Directive["args"][number] | undefined {
  return first !== undefined && (/^[/@]/.test(first.text) || first.text === "*") ? first : undefined;
}

const answers = new Set([
  "respond",
  "redir",
  "abort",
  "error",
  "file_server",
  "php_fastcgi",
  "acme_server",
  "metrics",
]);
const mostInvokes = 16;

/** What a line does with a request that it matches. */
function pass(line: Directive, state: State, level: Level): RouteEnd | null {
  switch (line.name) {
    case "reverse_proxy":
      return { kind: "proxy", line };
    case "handle":
      return followLines(line.block ?? [], state, { ...level, isLiteral: false });
    case "handle_path":
      state.request = { ...state.request, path: strippedPrefix(line, state.request.path) };
      return followLines(line.block ?? [], state, { ...level, isLiteral: false });
    case "route":
      return followLines(line.block ?? [], state, { ...level, isLiteral: true });
    case "invoke":
      return invoke(line, state, level);
    case "rewrite":
    case "uri":
    case "try_files":
      return rewrite(line, state);
    case "request_header":
      state.request = withHeader(line, state.request);
      return null;
    case "file_server":
      return lineNamed(line, "pass_thru") === null ? { kind: "answer", line } : null;
    default:
      return answers.has(line.name) ? { kind: "answer", line } : null;
  }
}

function invoke(line: Directive, state: State, level: Level): RouteEnd | null {
  const [name] = plainArguments(line);
  const route = level.tree.find(({ kind, keys }) => kind === "named-route" && keys[0]?.text === name);
  if (route === undefined || level.depth > mostInvokes) return null;
  return followLines(route.lines, state, { ...level, depth: level.depth + 1, isLiteral: false });
}

function rewrite(line: Directive, state: State): RouteEnd | null {
  const path = rewrittenPath(line, state.request.path);
  if (path === null) return { kind: "answer", line };
  state.request = { ...state.request, path };
  return null;
}

/** `request_header -Upgrade` and `request_header Upgrade x`: what stands behind sees it so. */
function withHeader(line: Directive, request: RouteRequest): RouteRequest {
  const [field = "", value = ""] = plainArguments(line);
  const headers = new Map(request.headers);
  const name = field.replace(/^[-+?>]/, "").toLowerCase();
  if (field.startsWith("-")) headers.delete(name);
  else headers.set(name, value);
  return { ...request, headers };
}
