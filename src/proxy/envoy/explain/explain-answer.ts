/**
 * Why a request was answered before the backend saw it.
 */
import { placeWords } from "../../../diagnosis/quote.js";
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import type { ConfigMap } from "../../tree/config-node.js";
import { itemsAt, nodeAt, textAt, typeOf } from "../language/config-node.js";
import type { RouteStage } from "../route/follow-route.js";
import { mapsAt } from "../route/listeners.js";
import { comparedHost, domainsOf } from "../route/select-host.js";
import { samplePath } from "../route/select-route.js";
import { type AccessLine, accessLine } from "../run/read-log-line.js";
import { type ConfigView, filtersOfType, httpFilters } from "./config-view.js";
import { explainNoUpgrade, refusingStage } from "./explain-upgrade.js";
import { explainUpstream } from "./explain-upstream.js";
import { explainHeld } from "./explain-wait.js";
import { hostWords, messageWords, routeWords } from "./places.js";
import { quoteOf, written } from "./quotes.js";

type Early = Extract<Symptom, { kind: "answered-early" }>;

export function explainAnswer(view: ConfigView, { status, location, log }: Early): Explanation | null {
  const { last } = view;
  if (last === null) return null;
  const line = accessLine(log, status);
  const refusing = refusingStage(view);
  if (status === 403 && refusing !== null && (line === null || /upgrade_failed/.test(line.details)))
    return explainNoUpgrade(refusing);
  if (status === 408 && line?.flags.includes("SI")) return explainHeld(view, log);
  return (
    byRoute(view, last, { status, location }) ??
    byFilter(view, status, line) ??
    (status >= 500 ? explainUpstream(view, status, line) : null)
  );
}

function byRoute(
  view: ConfigView,
  stage: RouteStage,
  { status, location }: Pick<Early, "status" | "location">,
): Explanation | null {
  const { end, virtualHost, route } = stage;
  switch (end.kind) {
    case "no-host":
      return status === 404 ? noHost(view, stage) : null;
    case "no-route":
      return status === 404 && virtualHost !== null ? noRoute(view, virtualHost) : null;
    case "https-only":
      return virtualHost === null
        ? null
        : {
            cause: `${written(virtualHost, "require_tls")} redirects what comes without TLS to https, and WebSocket clients follow no redirect`,
            cure: "connect to wss://, or `require_tls: NONE` for this virtual host",
            quotes: quotesOf(virtualHost, "require_tls"),
          };
    case "redirect":
      return {
        cause: `${route === null ? "the route" : routeWords(route)} redirects${location === null ? "" : ` to ${location}`} (${writtenField(route, "redirect")}), and WebSocket clients follow no redirect`,
        cure: `connect to where it points, or a route of its own before it:\n${routeFor(view)}`,
        quotes: quotesOf(route, "redirect"),
      };
    case "direct":
      return {
        cause: `${route === null ? "the route" : routeWords(route)} answers itself (${writtenField(route, "direct_response")})`,
        cure: `a route of its own before it:\n${routeFor(view)}`,
        quotes: quotesOf(route, "direct_response"),
      };
    default:
      return null;
  }
}

function writtenField(route: ConfigMap | null, name: string): string {
  return route === null ? `\`${name}\`` : written(route, name);
}

function quotesOf(node: ConfigMap | null, name: string): NonNullable<Explanation["quotes"]> {
  const quote = quoteOf(node, name);
  return quote === null ? [] : [quote];
}

function routeFor({ route, clusters }: ConfigView): string {
  const path = route?.path.split("?")[0] ?? "/ws";
  const cluster = textAt(clusters[0] ?? null, "name") ?? "NAME";
  return `- match: {prefix: ${path}}\n  route: {cluster: ${cluster}, timeout: 0s, upgrade_configs: [{upgrade_type: websocket}]}`;
}

/** Domains are compared with all of the Host header, its port among it. */
function noHost({ route }: ConfigView, { manager, routes }: RouteStage): Explanation | null {
  if (manager === null || routes === null) return null;
  const host = route?.host ?? "127.0.0.1";
  const compared = comparedHost(host, { manager, routes });
  const domains = mapsAt(routes, "virtual_hosts").flatMap(domainsOf);
  const bare = compared.replace(/:\d+$/, "");
  const isByPort = compared !== bare && domains.includes(bare);
  const first = mapsAt(routes, "virtual_hosts")[0];
  return {
    cause: isByPort
      ? `the domain \`${bare}\` does not match the Host \`${compared}\`: a port is a part of the name for Envoy, and clients send it unless it is 80 or 443`
      : `no virtual host of ${messageWords(manager)} has a domain for the Host \`${compared}\`: there are ${domains.slice(0, 5).join(", ")}; Envoy answers 404 (route_not_found) itself`,
    cure: isByPort
      ? `in ${messageWords(manager)}:\nstrip_any_host_port: true`
      : 'the name among the domains, with its port where clients send one; or any:\ndomains: ["*"]',
    quotes: first === undefined ? [] : quotesOf(first, "domains"),
  };
}

function noRoute(view: ConfigView, virtualHost: ConfigMap): Explanation {
  const path = view.route?.path ?? "/";
  const tried = mapsAt(virtualHost, "routes");
  const near = tried.find((route) => isNear(route, path));
  const words = tried.slice(0, 4).map((route) => samplePath(route) ?? "a pattern");
  const hint =
    near === undefined
      ? ""
      : `; ${routeWords(near)} does not take it: ${textAt(near, "match", "path") === null ? "upper and lower case count, and so does every condition of it" : "`path` is the whole path, `prefix` what it begins with"}`;
  return {
    cause: `no route of ${hostWords(virtualHost)} takes ${path} (there are ${words.join(", ") || "none"})${hint}; Envoy answers 404 (route_not_found) itself`,
    cure: `a route for it:\n${routeFor(view)}`,
    quotes: quotesOf(virtualHost, "routes"),
  };
}

function isNear(route: ConfigMap, path: string): boolean {
  const own = samplePath(route)?.toLowerCase().replace(/\/$/, "") ?? "";
  return own.length > 1 && path.toLowerCase().startsWith(own);
}

/** Filters that answer for themselves, by what their answer says of itself. */
const answering: readonly (readonly [
  types: readonly string[],
  details: RegExp,
  statuses: readonly number[],
  cause: string,
  cure: string,
])[] = [
  [
    ["RBAC"],
    /rbac/,
    [403],
    "lets in by its rules, and this request fulfils none",
    "a policy that lets the WebSocket's path in",
  ],
  [
    ["LocalRateLimit"],
    /rate_limited/,
    [429],
    "counts the requests of all clients together, and no token was left",
    "more `max_tokens`: after a restart all clients come back at once",
  ],
  [
    ["BasicAuth"],
    /basic_auth|invalid_credential|missing/,
    [401],
    "asks for a password, and a browser's WebSocket sends none of its own",
    "a token in a cookie or in the query that the backend checks, and the filter disabled for this route",
  ],
  [
    ["JwtAuthentication"],
    /jwt/,
    [401, 403],
    "asks for a token, and a browser's WebSocket can send no header of its own",
    "`from_params` or `from_cookies` for the token",
  ],
  [
    ["ApiKeyAuth"],
    /api_key/,
    [401, 403],
    "asks for a key, and a browser's WebSocket can send no header of its own",
    "`key_sources` with a query or a cookie",
  ],
  [
    ["CsrfPolicy"],
    /csrf/,
    [403],
    "refuses requests of another origin",
    "the site's origin in `additional_origins`",
  ],
  [
    ["HTTPFault"],
    /fault/,
    [],
    "answers in the backend's place, as it is told to",
    "no `abort` for this route",
  ],
  [
    ["HealthCheck"],
    /health_check/,
    [200, 503],
    "answers for this path itself",
    "another path for one of the two",
  ],
];

function byFilter({ route }: ConfigView, status: number, line: AccessLine | null): Explanation | null {
  for (const stage of route?.stages ?? []) {
    for (const [types, details, statuses, cause, cure] of answering) {
      const [found] = types.flatMap((type) => filtersOfType(httpFilters(stage), type));
      const isSaid = line !== null && details.test(line.details);
      if (found === undefined || !(isSaid || (line === null && statuses.includes(status)))) continue;
      const config =
        ownSettings(stage, typeOf(nodeAt(found, "typed_config")) ?? "") ??
        nodeAt(found, "typed_config") ??
        found;
      const where = config.place === null ? "" : ` at ${placeWords(config.place)}`;
      const text = `${typeOf(config) ?? types[0]}`;
      return { cause: `the filter ${text}${where} ${cause}`, cure, quotes: [{ text, place: config.place }] };
    }
  }
  return null;
}

/** What the route, or its virtual host, says to a filter. */
function ownSettings({ route, virtualHost }: RouteStage, type: string): ConfigMap | null {
  for (const where of [route, virtualHost]) {
    const settings = nodeAt(where, "typed_per_filter_config");
    if (settings?.kind !== "map") continue;
    const found = settings.entries.find(({ value }) => (typeOf(value) ?? "").startsWith(type));
    if (found?.value.kind === "map") return found.value;
  }
  return null;
}

/** Quotes of what may turn a client away. */
export function accessFilters(stage: RouteStage): ConfigMap[] {
  const types = ["RBAC", "BasicAuth", "JwtAuthentication", "ApiKeyAuth"];
  return [
    ...types.flatMap((type) => filtersOfType(httpFilters(stage), type)),
    ...filtersOfType(
      itemsAt(stage.chain, "filters").filter((one) => one.kind === "map"),
      "RBAC",
    ),
  ];
}
