/**
 * What an `http-request` rule does to a request: its path, its headers, its variables, or an answer in place of it.
 */
import { compilePattern } from "../../patterns/sample-string.js";
import { replacePattern } from "../../patterns/test-pattern.js";
import { parseExpression } from "./expression.js";
import type { RouteContext, RouteRequest } from "./request.js";
import { evaluate, javaScriptReplacement } from "./sample.js";

/** How a rule ends a request. */
export interface Answer {
  readonly how: "deny" | "tarpit" | "reject" | "redirect" | "return" | "auth" | "service";
  /** Null for an end without an answer, or one whose status is not known. */
  readonly status: number | null;
}

const statusOfDenial: Readonly<Record<string, number>> = { deny: 403, tarpit: 500, auth: 401, return: 200 };

/** Null for a rule that lets the request go on. */
export function answerOf(words: readonly string[]): Answer | null {
  const [action = ""] = words;
  const given = Number(valueAfter(words, "status") ?? valueAfter(words, "deny_status"));
  const status = Number.isInteger(given) && given > 0 ? given : (statusOfDenial[action] ?? null);
  switch (action) {
    case "deny":
    case "tarpit":
    case "return":
    case "auth":
      return { how: action, status };
    case "reject":
    case "silent-drop":
      return { how: "reject", status: null };
    case "redirect":
      return { how: "redirect", status: Number(valueAfter(words, "code") ?? 302) };
    case "use-service":
      return { how: "service", status: null };
    default:
      return null;
  }
}

function valueAfter(words: readonly string[], name: string): string | null {
  const at = words.indexOf(name);
  return at === -1 ? null : (words[at + 1] ?? null);
}

/** Changes the request as the rule does; what cannot be told becomes null. */
export function apply(words: readonly string[], request: RouteRequest, context: RouteContext): void {
  const [action = "", first = "", second = ""] = words;
  const format = (text: string): string | null => formatted(text, request, context);
  switch (action) {
    case "set-path":
      setUrl(request, "path", format(first));
      return;
    case "set-pathq":
    case "set-uri":
      setUrl(request, "all", withoutOrigin(format(first)));
      return;
    case "set-query":
      setUrl(request, "query", format(first));
      return;
    case "replace-path":
      replaceUrl(request, "path", first, second);
      return;
    case "replace-pathq":
    case "replace-uri":
      replaceUrl(request, "all", first, second);
      return;
    case "normalize-uri":
      return;
    case "set-header":
    case "add-header":
    case "del-header":
    case "replace-header":
    case "replace-value":
      applyToHeader(words, request, context);
      return;
    default: {
      const variable = /^set-var(?:-fmt)?\(([^),]+)/.exec(action)?.[1];
      if (variable === undefined) return;
      const expression = parseExpression(words.slice(1).join(""));
      const isFormat = action.startsWith("set-var-fmt");
      const value = isFormat ? format(first) : null;
      const values = isFormat
        ? value === null
          ? null
          : [value]
        : expression && evaluate(expression, request, context);
      request.variables.set(variable, values);
    }
  }
}

function applyToHeader(words: readonly string[], request: RouteRequest, context: RouteContext): void {
  const [action = "", first = "", second = "", third = ""] = words;
  const format = (text: string): string | null => formatted(text, request, context);
  switch (action) {
    case "set-header":
      request.headers.set(first.toLowerCase(), format(second));
      return;
    case "add-header": {
      const before = request.headers.get(first.toLowerCase());
      const added = format(second);
      const both =
        before === undefined ? added : before === null || added === null ? null : `${before}, ${added}`;
      request.headers.set(first.toLowerCase(), both);
      return;
    }
    case "del-header":
      if (third === "") request.headers.delete(first.toLowerCase());
      else deleteMatching(request, first, third);
      return;
    default: {
      const before = request.headers.get(first.toLowerCase());
      if (before !== undefined) request.headers.set(first.toLowerCase(), replaced(before, second, third));
      return;
    }
  }
}

function deleteMatching({ headers }: RouteRequest, name: string, method: string): void {
  for (const known of [...headers.keys()]) {
    const matches =
      (method === "beg" && known.startsWith(name.toLowerCase())) ||
      (method === "end" && known.endsWith(name.toLowerCase())) ||
      (method === "sub" && known.includes(name.toLowerCase())) ||
      (method === "str" && known === name.toLowerCase());
    if (matches) headers.delete(known);
  }
}

type UrlPart = "path" | "query" | "all";

function setUrl(request: RouteRequest, part: UrlPart, value: string | null): void {
  const [path = "", query] = (request.url ?? "").split("?");
  if (value === null || (request.url === null && part !== "all")) request.url = null;
  else if (part === "all") request.url = value;
  else if (part === "query") request.url = value === "" ? path : `${path}?${value}`;
  else request.url = query === undefined ? value : `${value}?${query}`;
}

function replaceUrl(request: RouteRequest, part: UrlPart, pattern: string, replacement: string): void {
  if (request.url === null) return;
  const subject = part === "path" ? (request.url.split("?")[0] ?? "") : request.url;
  setUrl(request, part, replaced(subject, pattern, replacement));
}

function replaced(text: string | null, pattern: string, replacement: string): string | null {
  const compiled = compilePattern(pattern, "");
  if (text === null || compiled === null || /%\[/.test(replacement)) return null;
  return replacePattern(compiled, text, javaScriptReplacement(replacement));
}

function withoutOrigin(url: string | null): string | null {
  return url === null ? null : url.replace(/^https?:\/\/[^/]*/, "");
}

/** A log-format text with `%[expression]`; null where it holds what is not known. */
export function formatted(text: string, request: RouteRequest, context: RouteContext): string | null {
  let whole = "";
  for (const part of text.split(/(%\[(?:[^\]"']|"[^"]*"|'[^']*')*\])/)) {
    if (!part.startsWith("%[")) {
      if (/%[^%]/.test(part)) return null;
      whole += part.replaceAll("%%", "%");
      continue;
    }
    const expression = parseExpression(part.slice(2, -1));
    const values = expression && evaluate(expression, request, context);
    if (values === null) return null;
    whole += values[0] ?? "";
  }
  return whole;
}
