/**
 * Which route of a virtual host a request takes: the first whose conditions all hold.
 */
import { sampleString } from "../../patterns/sample-string.js";
import type { ConfigMap, ConfigNode } from "../../tree/config-node.js";
import { itemsAt, nodeAt, textAt } from "../language/config-node.js";
import { allOf, matchesHeader, matchesQuery, matchesRegex, type Truth } from "./match-string.js";
import type { RouteRequest } from "./request.js";

export interface SelectedRoute {
  readonly route: ConfigMap;
  /** Routes before it of which only a running Envoy can tell whether they hold. */
  readonly uncertain: readonly ConfigMap[];
}

export function selectRoute(virtualHost: ConfigNode, request: RouteRequest): SelectedRoute | null {
  const uncertain: ConfigMap[] = [];
  for (const route of itemsAt(virtualHost, "routes")) {
    if (route.kind !== "map") continue;
    const truth = routeHolds(route, request);
    if (truth === true) return { route, uncertain };
    if (truth === null) uncertain.push(route);
  }
  return null;
}

/** Conditions that a plain browser's request cannot fulfil, and those that only a running Envoy can tell. */
const never = ["grpc", "connect_matcher"];
const unknown = ["runtime_fraction", "dynamic_metadata", "filter_state", "tls_context", "path_match_policy"];

function routeHolds(route: ConfigNode, request: RouteRequest): Truth {
  const match = nodeAt(route, "match");
  if (match === null || never.some((name) => nodeAt(match, name) !== null)) return false;
  const [path = "", query = ""] = request.path.split("?");
  return allOf([
    pathHolds(match, path),
    ...itemsAt(match, "headers").map((header) => matchesHeader(header, request.headers)),
    ...itemsAt(match, "query_parameters").map((one) => matchesQuery(one, new URLSearchParams(query))),
    ...(unknown.some((name) => nodeAt(match, name) !== null) ? [null] : []),
  ]);
}

/** One of prefix, path, path_separated_prefix, safe_regex; case counts unless it is told not to. */
function pathHolds(match: ConfigNode, path: string): Truth {
  const keepsCase = textAt(match, "case_sensitive") !== "false";
  const fold = (text: string): string => (keepsCase ? text : text.toLowerCase());
  const subject = fold(path);
  const prefix = textAt(match, "prefix");
  if (prefix !== null) return subject.startsWith(fold(prefix));
  const whole = textAt(match, "path");
  if (whole !== null) return subject === fold(whole);
  const segment = textAt(match, "path_separated_prefix");
  if (segment !== null) return subject === fold(segment) || subject.startsWith(`${fold(segment)}/`);
  const regex = nodeAt(match, "safe_regex");
  return regex === null ? null : matchesRegex(regex, path);
}

/** A path that a route takes; null for one that none is found for. */
export function samplePath(route: ConfigNode): string | null {
  const match = nodeAt(route, "match");
  for (const name of ["path", "path_separated_prefix", "prefix"]) {
    const path = textAt(match, name);
    if (path !== null) return path === "" ? "/" : path;
  }
  const regex = textAt(match, "safe_regex", "regex");
  return regex === null ? null : sampleString(`^(?:${regex})$`, "", "/");
}
