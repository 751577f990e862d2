/**
 * Where a request goes in a config: through which rules of a frontend, to which backend, to which servers. What only a
 * running HAProxy could tell is marked, and taken not to hold.
 */
import {
  type ConfigLine,
  type ConfigTree,
  isBackend,
  type Section,
  startsWith,
} from "../language/config-tree.js";
import { effective, effectiveRules, modeOf, scopesOf } from "../language/effective.js";
import { holds, splitCondition } from "./condition.js";
import type { Truth } from "./criterion.js";
import type { RouteContext, RouteRequest } from "./request.js";
import { type Answer, answerOf, apply, formatted } from "./rule-effects.js";

export interface RouteStep {
  readonly section: Section;
  readonly line: ConfigLine;
  /** Whether its condition holds; null where that cannot be told. */
  readonly truth: Truth;
}

export type RouteEnd =
  | { readonly kind: "server"; readonly backend: Section; readonly servers: readonly ConfigLine[] }
  | { readonly kind: "answered"; readonly by: ConfigLine; readonly answer: Answer }
  | { readonly kind: "no-backend"; readonly frontend: Section; readonly named: string | null }
  | { readonly kind: "no-server"; readonly backend: Section };

export interface Route {
  readonly frontend: Section;
  readonly steps: readonly RouteStep[];
  readonly end: RouteEnd;
  /** As the rules left it. */
  readonly request: RouteRequest;
}

interface Way {
  readonly tree: ConfigTree;
  readonly request: RouteRequest;
  readonly steps: RouteStep[];
  readonly readLines: RouteContext["readLines"];
}

export function followRoute(
  tree: ConfigTree,
  frontend: Section,
  { request, readLines }: { readonly request: RouteRequest; readonly readLines: RouteContext["readLines"] },
): Route {
  const way: Way = { tree, request, steps: [], readLines };
  return { frontend, steps: way.steps, request, end: endOf(frontend, way) };
}

function endOf(frontend: Section, way: Way): RouteEnd {
  const early = rulesOf(frontend, way);
  if (early !== null) return early;
  const chosen = chooseBackend(frontend, way);
  if (chosen.backend === null) return { kind: "no-backend", frontend, named: chosen.named };
  const { backend } = chosen;
  const late = backend === frontend ? null : rulesOf(backend, way);
  if (late !== null) return late;
  const servers = serversOf(backend);
  return servers.length === 0 ? { kind: "no-server", backend } : { kind: "server", backend, servers };
}

/** `server` and `server-template`, those that are switched off left out. */
function serversOf({ lines }: Section): readonly ConfigLine[] {
  const all = lines.filter(({ name }) => name === "server" || name === "server-template");
  const usable = all.filter(({ args }) => !args.includes("disabled"));
  const regular = usable.filter(({ args }) => !args.includes("backup"));
  return regular.length > 0 ? regular : usable;
}

function rulesOf(section: Section, way: Way): RouteEnd | null {
  const { mode } = modeOf(section, way.tree);
  const context = contextOf(section, way);
  const rules = effectiveRules(section, way.tree, "tcp-request").concat(
    mode === "http"
      ? [
          ...effectiveRules(section, way.tree, "http-request"),
          ...effectiveRules(section, way.tree, "redirect"),
        ]
      : [],
  );
  for (const line of rules) {
    const { words, condition } = splitCondition(line.args);
    const truth = holds(condition, way.request, context);
    way.steps.push({ section, line, truth });
    if (truth !== true) continue;
    const end = takeRule(line, words, way.request, context);
    if (end === "allow") break;
    if (end !== null) return { kind: "answered", by: line, answer: end };
  }
  return mode === "http" ? statsPage(section, way) : null;
}

function takeRule(
  { name }: ConfigLine,
  words: readonly string[],
  request: RouteRequest,
  context: RouteContext,
): Answer | "allow" | null {
  if (name === "redirect") return answerOf(["redirect", ...words]);
  if (name === "tcp-request") {
    const [, action = ""] = words;
    if (action.startsWith("set-var")) apply(words.slice(1), request, context);
    return action === "reject" || action === "silent-drop" ? { how: "reject", status: null } : null;
  }
  if (words[0] === "allow") return "allow";
  const answer = answerOf(words);
  if (answer === null) apply(words, request, context);
  return answer;
}

/** `stats uri` and `monitor-uri` answer for the paths that begin so, or are so. */
function statsPage(section: Section, { tree, request }: Way): RouteEnd | null {
  const path = request.url?.split("?")[0] ?? null;
  const monitor = effective(section, tree, ["monitor-uri"]);
  if (monitor !== null && monitor.args[0] === path)
    return { kind: "answered", by: monitor, answer: { how: "service", status: 200 } };
  const on = scopesOf(section, tree).flatMap(({ lines }) => lines.filter(({ name }) => name === "stats"));
  const uri = on.find((line) => startsWith(line, ["stats", "uri"]));
  if (uri === undefined || path?.startsWith(uri.args[1] ?? "/") !== true) return null;
  return { kind: "answered", by: uri, answer: { how: "service", status: 200 } };
}

function chooseBackend(
  frontend: Section,
  way: Way,
): { readonly backend: Section | null; readonly named: string | null } {
  const context = contextOf(frontend, way);
  for (const line of frontend.lines.filter(({ name }) => name === "use_backend")) {
    const { words, condition } = splitCondition(line.args);
    const truth = holds(condition, way.request, context);
    way.steps.push({ section: frontend, line, truth });
    if (truth !== true) continue;
    const name = formatted(words[0] ?? "", way.request, context);
    const backend = name === null ? null : backendNamed(way.tree, name);
    // A name made of the request that no backend has is passed over.
    if (backend !== null) return { backend, named: name };
    if (!words[0]?.includes("%")) return { backend: null, named: name };
  }
  const fallback = effective(frontend, way.tree, ["default_backend"]);
  if (fallback !== null && !fallback.negated) {
    way.steps.push({ section: frontend, line: fallback, truth: true });
    const named = fallback.args[0] ?? "";
    return { backend: backendNamed(way.tree, named), named };
  }
  return { backend: isBackend(frontend) ? frontend : null, named: null };
}

function backendNamed(tree: ConfigTree, name: string): Section | null {
  return tree.find((section) => isBackend(section) && section.name === name) ?? null;
}

function contextOf(section: Section, { tree, readLines }: Way): RouteContext {
  const lines = scopesOf(section, tree).flatMap((scope) => scope.lines);
  return {
    readLines,
    acls: (name) => lines.filter((line) => line.name === "acl" && line.args[0] === name),
  };
}
