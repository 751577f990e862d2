/**
 * Why a router does not take a request, by the first part of its rule that does not hold.
 */
import { ruleHolds } from "../route/match-rule.js";
import { type Matcher, parseRule, type Rule } from "../route/parse-rule.js";
import type { Router } from "../route/parts.js";
import type { RouteRequest } from "../route/request.js";

export interface NearMiss {
  readonly cause: string;
  readonly cure: string;
}

/** Null where it takes it, or that cannot be told. */
export function missOf({ rule, syntax }: Router, request: RouteRequest): NearMiss | null {
  const parsed = parseRule(rule);
  if (parsed === null) return null;
  const failing = failed(parsed).find((one) => ruleHolds(one, request, syntax) === false);
  return failing === undefined || failing.kind !== "matcher" ? null : explain(failing, request);
}

/** Of parts that all have to hold each by itself; of others the first. */
function failed(rule: Rule): Rule[] {
  if (rule.kind === "and") return rule.parts.flatMap(failed);
  if (rule.kind === "or") return rule.parts.slice(0, 1).flatMap(failed);
  return [rule];
}

function explain({ name, values }: Matcher, request: RouteRequest): NearMiss | null {
  const text = `\`${name}(${values.map((value) => `\`${value}\``).join(", ")})\``;
  const [first = ""] = values;
  switch (name.toLowerCase()) {
    case "host":
    case "hostheader":
    case "hostregexp":
      return /:\d+$/.test(first)
        ? {
            cause: `${text} holds for no request: Traefik compares the name alone, without the port that clients send with it`,
            cure: `Host(\`${first.replace(/:\d+$/, "")}\`)`,
          }
        : { cause: `${text} is not for the Host \`${request.host}\``, cure: `Host(\`${request.host}\`)` };
    case "path":
      return {
        cause: `${text} is the whole path, and ${request.path} is another one${sameButCase(first, request.path)}`,
        cure: `PathPrefix(\`${first.replace(/\/$/, "")}\`)`,
      };
    case "pathprefix":
      return {
        cause: `${request.path} does not begin as ${text} wants it${sameButCase(first, request.path)}`,
        cure: `PathPrefix(\`${firstPart(request.path)}\`)`,
      };
    case "pathregexp":
      return {
        cause: `${request.path} is not what ${text} wants`,
        cure: `PathPrefix(\`${firstPart(request.path)}\`)`,
      };
    case "method":
      return { cause: `${text}: a WebSocket is asked for with GET`, cure: "Method(`GET`)" };
    case "header":
    case "headers":
    case "headerregexp":
    case "headersregexp":
      return headerMiss(text, values, request);
    case "clientip":
      return {
        cause: `${text} holds for clients of those addresses alone; behind another proxy that is the proxy's`,
        cure: "the clients' range, or none",
      };
    case "query":
    case "queryregexp":
      return { cause: `${text}: the request has no such parameter`, cure: "a rule without it" };
    default:
      return null;
  }
}

function headerMiss(text: string, [header = ""]: readonly string[], { headers }: RouteRequest): NearMiss {
  const arrived = headers.get(header.toLowerCase());
  const isConnection = header.toLowerCase() === "connection";
  const compared =
    arrived === undefined ? "a browser's WebSocket has no such header" : `it compares with \`${arrived}\``;
  return {
    cause: `${text} does not hold: ${isConnection ? "since 3.2 Traefik leaves `Upgrade` alone of the Connection header, whatever the browser sends, before a rule sees it" : compared}`,
    cure:
      isConnection || header.toLowerCase() === "upgrade"
        ? "HeaderRegexp(`Upgrade`, `(?i)^websocket$`)"
        : "a rule without it: a browser's WebSocket can send no header of its own",
  };
}

function sameButCase(one: string, other: string): string {
  return other.toLowerCase().startsWith(one.toLowerCase()) && !other.startsWith(one)
    ? "; capital letters count"
    : "";
}

function firstPart(path: string): string {
  return `/${path.split("/")[1] ?? ""}`;
}
