/**
 * Whether a rule holds for a request: Traefik 3's matchers, and those of version 2 where the config asks for its syntax.
 * Null for what cannot be told without running it.
 */
import { compilePattern } from "../../patterns/sample-string.js";
import { testPattern } from "../../patterns/test-pattern.js";
import type { Matcher, Rule } from "./parse-rule.js";
import type { RouteRequest } from "./request.js";

export type Truth = boolean | null;
export type RuleSyntax = "v2" | "v3";

export function ruleHolds(rule: Rule, request: RouteRequest, syntax: RuleSyntax): Truth {
  switch (rule.kind) {
    case "not": {
      const truth = ruleHolds(rule.part, request, syntax);
      return truth === null ? null : !truth;
    }
    case "and":
    case "or": {
      const truths = rule.parts.map((part) => ruleHolds(part, request, syntax));
      const deciding = rule.kind === "or";
      if (truths.includes(deciding)) return deciding;
      return truths.includes(null) ? null : !deciding;
    }
    case "matcher":
      return matcherHolds(rule, request, syntax);
  }
}

type Test = (value: string, request: RouteRequest, syntax: RuleSyntax) => Truth;

/** Of which one of several values is enough; version 3 has one value each. */
const byValue: Readonly<Record<string, Test>> = {
  host: (value, { host }) => withoutDot(value.toLowerCase()) === withoutDot(host),
  hostregexp: (value, { host }, syntax) =>
    matches(syntax === "v2" ? template(value) : value, host, syntax === "v2"),
  path: (value, { path }, syntax) =>
    syntax === "v2" && value.includes("{") ? matches(template(value), path, true) : path === value,
  pathprefix: (value, { path }, syntax) =>
    syntax === "v2" && value.includes("{")
      ? matches(`^${template(value)}`, path, false)
      : path.startsWith(value),
  pathregexp: (value, { path }) => matches(value, path, false),
  method: (value) => value.toUpperCase() === "GET",
  // Of the generator, which is on this machine.
  clientip: (value) => /^(?:127\.|0\.0\.0\.0\/0)/.test(value),
};

function matcherHolds({ name, values }: Matcher, request: RouteRequest, syntax: RuleSyntax): Truth {
  const small = name.toLowerCase();
  const test = byValue[small === "hostheader" ? "host" : small];
  if (test !== undefined) return anyOf(values.map((value) => test(value, request, syntax)));
  const [key = "", value] = values;
  if (/^headers?$/.test(small)) return (request.headers.get(key.toLowerCase()) ?? null) === (value ?? null);
  if (/^headers?regexp$/.test(small)) {
    const header = request.headers.get(key.toLowerCase());
    return header === undefined ? false : matches(value ?? "", header, false);
  }
  const parameters = new URLSearchParams(request.query);
  if (small === "query" && syntax === "v2")
    return anyOf(
      values.map((pair) => parameters.getAll(pair.split("=")[0] ?? "").includes(pair.split("=")[1] ?? "")),
    );
  if (small === "query") return parameters.getAll(key).includes(value ?? "");
  if (small === "queryregexp")
    return anyOf(parameters.getAll(key).map((one) => matches(value ?? "", one, false)));
  return null;
}

function anyOf(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.includes(null) ? null : false;
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, "");
}

/** A part of the text is enough, unless the whole is asked for. */
function matches(pattern: string, text: string, isWhole: boolean): Truth {
  const compiled = compilePattern(isWhole ? `^(?:${pattern})$` : pattern, "");
  return compiled === null ? null : testPattern(compiled, text);
}

/** `{name:[a-z]+}.example.com` of version 2 as a regular expression. */
export function template(text: string): string {
  return text.replace(
    /\{(\w*)(?::((?:[^{}]|\{[^{}]*\})*))?\}|[.+?^$()|[\]\\]/g,
    (whole, _name, pattern?: string) => (whole.startsWith("{") ? `(?:${pattern ?? "[^/]+"})` : `\\${whole}`),
  );
}
