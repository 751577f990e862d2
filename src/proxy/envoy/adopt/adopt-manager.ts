/**
 * An HTTP connection manager: its log is wsrally's, and of its filters stay those that ask nobody and run no code.
 */

import { type ConfigMap, type ConfigNode, listOf, rewriteMaps } from "../../tree/config-node.js";
import {
  isTrueAt,
  nodeAt,
  textAt,
  typeOf,
  withField,
  withItems,
  withMap,
  withoutField,
} from "../language/config-node.js";
import { httpLog } from "../run/own-log.js";
import { noteLog } from "./adopt-network-filters.js";
import { type Adoption, leaveOut } from "./adoption.js";

const byCode = "no code of a config runs";
const byOthers = "nobody outside is asked";
const byFile = "it names something of its machine";
const byClient = "the generator is not whom it lets in";

/** By type, why one is left out. */
const leftOut: Readonly<Record<string, string>> = {
  Lua: byCode,
  LuaPerRoute: byCode,
  Wasm: byCode,
  Config: byCode,
  DynamicModuleFilter: byCode,
  DynamicModuleFilterPerRoute: byCode,
  ExtAuthz: byOthers,
  ExtAuthzPerRoute: byOthers,
  ExternalProcessor: byOthers,
  ExtProcPerRoute: byOthers,
  RateLimit: byOthers,
  RateLimitPerRoute: byOthers,
  RateLimitQuotaFilterConfig: byOthers,
  OAuth2: byOthers,
  GcpAuthnFilterConfig: byOthers,
  AwsRequestSigning: byOthers,
  OnDemand: byOthers,
  FilterConfig: "the server is wsrally's backend",
  PerRouteConfig: "the server is wsrally's backend",
  Tap: byFile,
  FileSystemBufferFilterConfig: byFile,
  CacheConfig: byFile,
  Geoip: byFile,
  OriginalSrc: "the client is the generator",
};

/** Those that look at who a client is. */
const access = new Set([
  "RBAC",
  "RBACPerRoute",
  "BasicAuth",
  "BasicAuthPerRoute",
  "ApiKeyAuth",
  "ApiKeyAuthPerRoute",
  "JwtAuthentication",
  "PerRouteConfig",
]);

/** Of any of these no type is of another, but for two that many packages have. */
function reasonOf(config: ConfigNode | null, adoption: Adoption): string | null {
  const type = typeOf(config) ?? "";
  const full = textAt(config, "@type") ?? "";
  if (type === "Config" && !/golang/.test(full)) return null;
  if ((type === "FilterConfig" || type === "PerRouteConfig") && !/dynamic_forward_proxy/.test(full))
    return null;
  if (type === "JwtAuthentication" && asksForKeys(config)) return byOthers;
  if (access.has(type) && !adoption.keepsAccess) return byClient;
  if (type === "LocalRateLimit" && adoption.liftsRates) return "the probe tells of it from the config";
  return leftOut[type] ?? null;
}

function asksForKeys(config: ConfigNode | null): boolean {
  const providers = nodeAt(config, "providers");
  return (
    providers?.kind === "map" && providers.entries.some(({ value }) => nodeAt(value, "remote_jwks") !== null)
  );
}

export function adoptManager(manager: ConfigMap, adoption: Adoption): ConfigMap {
  noteLog(manager, adoption);
  let changed = leaveOut(manager, ["tracing", "scoped_routes"], "nobody is told of requests", adoption);
  changed = leaveOut(changed, ["http3_protocol_options"], "no WebSocket goes over HTTP/3 here", adoption);
  changed = withItems(changed, "http_filters", (filter) => keptFilter(filter, adoption));
  changed = withItems(changed, "upgrade_configs", (upgrade) => [
    upgrade.kind === "map"
      ? withItems(upgrade, "filters", (filter) => keptFilter(filter, adoption))
      : upgrade,
  ]);
  changed = withMap(changed, "route_config", (routes) => adoptRoutes(routes, adoption));
  return withField(
    withoutField(changed, "access_log_options"),
    "access_log",
    listOf(httpLog(adoption.keepsAccess)),
  );
}

function keptFilter(filter: ConfigNode, adoption: Adoption): readonly ConfigNode[] {
  if (nodeAt(filter, "config_discovery") !== null) {
    adoption.note("An HTTP filter was left out: its settings come from a control plane", filter.place);
    return [];
  }
  const config = nodeAt(filter, "typed_config");
  const why = reasonOf(config, adoption);
  if (why === null) return [filter];
  adoption.note(`The HTTP filter ${nameOf(filter, config)} was left out: ${why}`, filter.place);
  return [];
}

function nameOf(filter: ConfigNode, config: ConfigNode | null): string {
  const type = typeOf(config) ?? "";
  return type === "Config" || type === "FilterConfig" ? (textAt(filter, "name") ?? type) : type;
}

/** What routes say to filters that are gone goes with them; nobody else is sent a copy of a request. */
function adoptRoutes(routes: ConfigMap, adoption: Adoption): ConfigMap {
  const changed = rewriteMaps(routes, (map) => {
    const mirrored = leaveOut(map, ["request_mirror_policies"], "a copy of a request goes nowhere", adoption);
    const perFilter = nodeAt(mirrored, "typed_per_filter_config");
    if (perFilter?.kind !== "map") return withoutTracing(mirrored);
    const entries = perFilter.entries.filter(({ value }) => {
      const inner = typeOf(value) === "FilterConfig" ? nodeAt(value, "config") : value;
      return reasonOf(inner ?? value, adoption) === null;
    });
    return withoutTracing(withField(mirrored, "typed_per_filter_config", { ...perFilter, entries }));
  });
  return changed.kind === "map" ? changed : routes;
}

function withoutTracing(map: ConfigMap): ConfigMap {
  return isTrueAt(map, "tracing") || nodeAt(map, "tracing") === null ? map : withoutField(map, "tracing");
}
