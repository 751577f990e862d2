/**
 * Values and conditions of mod_rewrite: `%{HTTP:Upgrade}`, `=websocket`, `!-f`. Null for what only a running Apache can tell.
 */
import { compilePattern } from "../../patterns/sample-string.js";
import { matchPattern } from "../../patterns/test-pattern.js";
import { pathOf, type RouteRequest } from "./request.js";

export type Truth = boolean | null;

export interface Filling {
  readonly request: RouteRequest;
  /** `$1`, of the rule's pattern. */
  readonly ruleGroups: readonly (string | undefined)[];
  /** `%1`, of the last condition that matched. */
  readonly conditionGroups: readonly (string | undefined)[];
}

/** A text with variables and groups filled in. */
export function filled(text: string, filling: Filling): string | null {
  let isKnown = true;
  const result = text.replace(
    // A map that nobody has made gives an empty text; others are not looked into.
    /\\(.)|\$(\d)|%(\d)|%\{([^}]*)\}|\$\{[^}]*\}/g,
    (whole, escaped?: string, rule?: string, condition?: string, variable?: string) => {
      if (escaped !== undefined) return escaped;
      if (rule !== undefined) return filling.ruleGroups[Number(rule)] ?? "";
      if (whole.startsWith("${HTTP:")) return "";
      if (condition !== undefined) return filling.conditionGroups[Number(condition)] ?? "";
      const value = variable === undefined ? null : variableValue(variable, filling.request);
      if (value === null) isKnown = false;
      return value ?? whole;
    },
  );
  return isKnown ? result : null;
}

/** Names without a colon that stand for a header. */
const headerVariables: Readonly<Record<string, string>> = {
  HTTP_USER_AGENT: "user-agent",
  HTTP_REFERER: "referer",
  HTTP_COOKIE: "cookie",
  HTTP_FORWARDED: "forwarded",
  HTTP_HOST: "host",
  HTTP_PROXY_CONNECTION: "proxy-connection",
  HTTP_ACCEPT: "accept",
};

/** Any other is an empty text, as mod_rewrite has it. */
function variableValue(name: string, request: RouteRequest): string | null {
  const header = /^HTTP:(.+)$/i.exec(name)?.[1] ?? headerVariables[name.toUpperCase()];
  if (header !== undefined) return request.headers.get(header.toLowerCase()) ?? "";
  switch (name.toUpperCase()) {
    case "REQUEST_URI":
      return pathOf(request);
    case "QUERY_STRING":
      return /\?(.*)$/s.exec(request.url)?.[1] ?? "";
    case "REQUEST_METHOD":
      return "GET";
    case "HTTPS":
      return request.tls ? "on" : "off";
    case "REQUEST_SCHEME":
      return request.tls ? "https" : "http";
    case "SERVER_PORT":
      return String(request.port);
    case "SERVER_NAME":
      return request.host ?? "localhost";
    case "THE_REQUEST":
      return `GET ${request.url} HTTP/1.1`;
    case "SERVER_PROTOCOL":
      return "HTTP/1.1";
    case "REMOTE_ADDR":
    case "SERVER_ADDR":
      return "127.0.0.1";
    default:
      return /^(?:ENV|SSL|LA-[UF]|TIME|REMOTE|REQUEST_FILENAME|SCRIPT|DOCUMENT|CONN|IS_|CONTEXT|PATH|AUTH|IPV6|API|SERVER)/i.test(
        name,
      )
        ? null
        : "";
  }
}

export interface ConditionResult {
  readonly truth: Truth;
  readonly groups: readonly (string | undefined)[] | null;
}

/** @param args of RewriteCond */
export function conditionHolds(
  [test = "", pattern = "", flags = ""]: readonly string[],
  filling: Filling,
): ConditionResult {
  const isNegated = pattern.startsWith("!");
  const { truth, groups } = matches(
    test,
    isNegated ? pattern.slice(1) : pattern,
    ignoresCase(flags),
    filling,
  );
  return { truth: truth === null ? null : truth !== isNegated, groups: isNegated ? null : groups };
}

export function ignoresCase(flags: string): boolean {
  return /(?:^\[|,)\s*(?:NC|nocase)\s*(?:,|\]$)/i.test(flags);
}

function matches(test: string, pattern: string, isAnyCase: boolean, filling: Filling): ConditionResult {
  // No file of a WebSocket's path is there.
  if (/^-(?:[defslhxFLU])$/.test(pattern)) return { truth: false, groups: null };
  if (test.toLowerCase() === "expr") return { truth: null, groups: null };
  const text = filled(test, filling);
  if (text === null) return { truth: null, groups: null };
  const fold = (word: string): string => (isAnyCase ? word.toLowerCase() : word);
  const compared = /^(=|<=?|>=?)(.*)$/s.exec(pattern);
  if (compared !== null) {
    const [, sign = "", raw = ""] = compared;
    const wanted = raw === '""' ? "" : raw;
    const [ours, theirs] = [fold(text), fold(wanted)];
    const isEqual = ours === theirs;
    const isLess = ours < theirs;
    const truth =
      sign === "="
        ? isEqual
        : sign.startsWith("<")
          ? isLess || (sign === "<=" && isEqual)
          : !isLess && (sign === ">=" || !isEqual);
    return { truth, groups: null };
  }
  const numbers = /^-(eq|ne|lt|le|gt|ge)\s*(\d+)$/.exec(pattern);
  if (numbers !== null) return { truth: null, groups: null };
  const compiled = compilePattern(pattern, isAnyCase ? "i" : "");
  const groups = compiled === null ? null : matchPattern(compiled, text);
  return { truth: compiled === null ? null : groups !== null, groups };
}
