/**
 * What mod_rewrite makes of a request: rules in their order, each with the conditions before it.
 */
import { compilePattern } from "../../patterns/sample-string.js";
import { matchPattern } from "../../patterns/test-pattern.js";
import type { ConfigTree, Node } from "../language/config-tree.js";
import { pathOf, type RouteRequest } from "./request.js";
import { conditionHolds, filled, ignoresCase, type Truth } from "./rewrite-values.js";

export interface RuleStep {
  readonly rule: Node;
  readonly conditions: readonly { readonly node: Node; readonly truth: Truth }[];
  /** Whether its own pattern fits the path. */
  readonly fits: boolean;
  /** Whether it was taken; null where that cannot be told, and it was not. */
  readonly truth: Truth;
}

export type RewriteEnd =
  | { readonly kind: "proxy"; readonly url: string; readonly by: Node }
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly location: string | null;
      readonly by: Node;
    }
  /** Another path of this server; ProxyPass sees it only where it is passed through. */
  | { readonly kind: "path"; readonly url: string; readonly passesThrough: boolean; readonly by: Node };

export interface Rewritten {
  readonly steps: readonly RuleStep[];
  /** Null where no rule was taken. */
  readonly end: RewriteEnd | null;
}

const untouched: Rewritten = { steps: [], end: null };

/** Whether rules of these lines are looked at. */
export function isEngineOn(nodes: ConfigTree): boolean {
  return nodes.findLast(({ key }) => key === "rewriteengine")?.args[0]?.toLowerCase() === "on";
}

/** The flags of a rule, in upper case; `R=301` with its value. */
export function flagsOf({ args }: Node): ReadonlyMap<string, string> {
  const text = /^\[(.*)\]$/s.exec(args[2] ?? "")?.[1] ?? "";
  return new Map(
    text.split(",").map((flag) => {
      const [name = "", value = ""] = flag.trim().split("=");
      return [longNames[name.toLowerCase()] ?? name.toUpperCase(), value] as const;
    }),
  );
}

const longNames: Readonly<Record<string, string>> = {
  proxy: "P",
  redirect: "R",
  forbidden: "F",
  gone: "G",
  last: "L",
  chain: "C",
  passthrough: "PT",
  skip: "S",
  nocase: "NC",
  next: "N",
  qsappend: "QSA",
  qsdiscard: "QSD",
};

/** @param isInFolder whether a path loses its slash before rules see it, as in a Directory */
export function rewritten(nodes: ConfigTree, request: RouteRequest, isInFolder = false): Rewritten {
  if (!isEngineOn(nodes)) return untouched;
  const steps: RuleStep[] = [];
  let url = request.url;
  let by: Node | null = null;
  let passesThrough = false;
  let conditions: Node[] = [];
  let skips = 0;
  let isChained = true;
  for (const node of nodes) {
    if (node.key === "rewritecond") conditions.push(node);
    if (node.key !== "rewriterule") continue;
    const given = conditions;
    conditions = [];
    const flags = flagsOf(node);
    if (skips > 0 || !isChained) {
      if (skips > 0) skips--;
      isChained = isChained || !flags.has("C");
      continue;
    }
    const step = tryRule(node, given, { ...request, url }, isInFolder);
    steps.push(step.told);
    if (step.told.truth !== true) {
      isChained = !flags.has("C");
      continue;
    }
    if (flags.has("F")) return { steps, end: { kind: "answered", status: 403, location: null, by: node } };
    if (flags.has("G")) return { steps, end: { kind: "answered", status: 410, location: null, by: node } };
    const to = step.to;
    if (to !== "-") {
      by = node;
      const query = /\?(.*)$/s.exec(url)?.[0] ?? "";
      const next = to.endsWith("?")
        ? to.slice(0, -1)
        : to.includes("?") || flags.has("QSD")
          ? to
          : `${to}${query}`;
      if (flags.has("P")) return { steps, end: { kind: "proxy", url: next, by: node } };
      const isElsewhere = /^[a-z][\w+.-]*:\/\//i.test(next);
      if (flags.has("R") || isElsewhere) {
        const status = Number(flags.get("R")) || 302;
        return { steps, end: { kind: "answered", status, location: next, by: node } };
      }
      url = next.startsWith("/") ? next : `/${next}`;
    } else if (flags.has("P")) return { steps, end: { kind: "proxy", url, by: node } };
    passesThrough ||= flags.has("PT");
    if (flags.has("S")) skips = Number(flags.get("S")) || 1;
    if (flags.has("L") || flags.has("END") || flags.has("PT")) break;
  }
  return { steps, end: by === null ? null : { kind: "path", url, passesThrough, by } };
}

function tryRule(
  rule: Node,
  conditions: readonly Node[],
  request: RouteRequest,
  isInFolder: boolean,
): { readonly told: RuleStep; readonly to: string } {
  const [written = "", substitution = "-", flags = ""] = rule.args;
  const isNegated = written.startsWith("!");
  const compiled = compilePattern(isNegated ? written.slice(1) : written, ignoresCase(flags) ? "i" : "");
  const path = isInFolder ? pathOf(request).slice(1) : pathOf(request);
  const groups = compiled === null ? null : matchPattern(compiled, path);
  const fits = (groups !== null) !== isNegated;
  const filling = { request, ruleGroups: isNegated ? [] : (groups ?? []) };
  let conditionGroups: readonly (string | undefined)[] = [];
  const told: { node: Node; truth: Truth }[] = [];
  for (const node of conditions) {
    const result = conditionHolds(node.args, { ...filling, conditionGroups });
    if (result.groups !== null) conditionGroups = result.groups;
    told.push({ node, truth: result.truth });
  }
  const all = allOf(told);
  const to = filled(substitution, { ...filling, conditionGroups });
  const truth = !fits ? false : all === true && to === null ? null : all;
  return { told: { rule, conditions: told, fits, truth }, to: to ?? "-" };
}

/** `[OR]` binds a condition to the next one. */
function allOf(conditions: readonly { readonly node: Node; readonly truth: Truth }[]): Truth {
  let all: Truth = true;
  for (let at = 0; at < conditions.length; at++) {
    let one = conditions[at]?.truth ?? null;
    while (isOr(conditions[at]?.node) && at + 1 < conditions.length) {
      at++;
      const next = conditions[at]?.truth ?? null;
      one = one === true || next === true ? true : one === null || next === null ? null : false;
    }
    if (one === false) return false;
    if (one === null) all = null;
  }
  return all;
}

function isOr(node: Node | undefined): boolean {
  return /(?:^\[|,)\s*(?:OR|ornext)\s*(?:,|\]$)/i.test(node?.args[2] ?? "");
}
