/**
 * Network filters: what carries HTTP is adopted by others, what asks somebody outside is left out, and logs are wsrally's.
 */

import { type ConfigMap, type ConfigNode, listOf } from "../../tree/config-node.js";
import { nodeAt, typeOf, withField, withItems } from "../language/config-node.js";
import { tcpLog } from "../run/own-log.js";
import { type Adoption, leaveOut } from "./adoption.js";

/** By type, why one is left out. */
const leftOut: Readonly<Record<string, string>> = {
  ExtAuthz: "nobody outside is asked",
  RateLimit: "nobody outside is asked",
  Wasm: "no code of a config runs",
  DynamicModuleNetworkFilter: "no code of a config runs",
  ExternalProcessor: "nobody outside is asked",
};

export function adoptNetworkFilters(
  chain: ConfigMap,
  adoption: Adoption,
  adoptManager: (manager: ConfigMap) => ConfigMap,
): ConfigMap {
  return withItems(chain, "filters", (filter) => {
    const config = nodeAt(filter, "typed_config");
    const type = typeOf(config) ?? "";
    if (filter.kind !== "map" || config?.kind !== "map") return [filter];
    const why =
      leftOut[type] ??
      (type === "RBAC" && !adoption.keepsAccess ? "the generator is not whom it lets in" : undefined) ??
      (type === "LocalRateLimit" && adoption.liftsRates
        ? "the probe tells of it from the config"
        : undefined);
    if (why !== undefined) {
      adoption.note(`The network filter ${type} was left out: ${why}`, filter.place);
      return [];
    }
    return [withField(filter, "typed_config", adoptFilter(config, type, adoption, adoptManager))];
  });
}

function adoptFilter(
  config: ConfigMap,
  type: string,
  adoption: Adoption,
  adoptManager: (manager: ConfigMap) => ConfigMap,
): ConfigNode {
  if (type === "HttpConnectionManager") return adoptManager(config);
  if (type !== "TcpProxy") return config;
  const own = leaveOut(
    config,
    ["tunneling_config", "access_log_options", "access_log_flush_interval"],
    "the server is wsrally's backend",
    adoption,
  );
  noteLog(config, adoption);
  return withField(own, "access_log", listOf(tcpLog(adoption.keepsAccess)));
}

export function noteLog(config: ConfigMap, { note }: Adoption): void {
  const log = nodeAt(config, "access_log");
  if (log !== null) note("Logs go to a file of wsrally's, in its own form", log.place);
}
