/**
 * Which virtual host a Host header comes to: the whole name, then the longest `*.name`, then the longest `name.*`, then `*`
 * (Envoy's "route.VirtualHost", domains). A port is a part of the name unless it is taken off.
 */

import type { ConfigMap, ConfigNode } from "../../tree/config-node.js";
import { isTrueAt, itemsAt } from "../language/config-node.js";

export interface HostTerms {
  readonly manager: ConfigNode;
  readonly routes: ConfigNode;
}

/** As it is compared: with its port unless the config takes that off. */
export function comparedHost(host: string, { manager, routes }: HostTerms): string {
  const strips =
    isTrueAt(manager, "strip_any_host_port") ||
    isTrueAt(manager, "strip_matching_host_port") ||
    isTrueAt(routes, "ignore_port_in_host_matching");
  const name = host.toLowerCase();
  return strips ? name.replace(/:\d+$/, "") : name;
}

export function selectHost(host: string, terms: HostTerms): ConfigMap | null {
  const name = comparedHost(host, terms);
  const found = itemsAt(terms.routes, "virtual_hosts").flatMap((virtualHost) =>
    virtualHost.kind !== "map"
      ? []
      : domainsOf(virtualHost).flatMap((domain) => {
          const rank = rankOf(domain, name);
          return rank === null ? [] : [{ virtualHost, rank }];
        }),
  );
  const [best] = found.sort((a, b) => b.rank - a.rank);
  return best?.virtualHost ?? null;
}

export function domainsOf(virtualHost: ConfigNode): string[] {
  return itemsAt(virtualHost, "domains").flatMap((item) =>
    item.kind === "scalar" && item.value !== null ? [String(item.value).toLowerCase()] : [],
  );
}

const wildRank = 1e3;

/** The higher goes first; null for one that does not fit. */
function rankOf(domain: string, host: string): number | null {
  if (domain === host) return 3 * wildRank;
  if (domain === "*") return 0;
  if (domain.startsWith("*"))
    return host.endsWith(domain.slice(1)) && host.length >= domain.length
      ? wildRank + domain.length + wildRank / 2
      : null;
  if (domain.endsWith("*"))
    return host.startsWith(domain.slice(0, -1)) && host.length >= domain.length ? domain.length : null;
  return null;
}

/** Whether a name, its port aside, is one of a domain's. */
export function isOfDomain(domain: string, name: string): boolean {
  return domain !== "*" && rankOf(domain, name) !== null;
}

/** For a domain that takes the name with every port. */
const anyPort = 8080;

/** A Host that comes to this domain; null for any. */
export function sampleHost(domain: string): string | null {
  if (domain === "*") return null;
  if (domain.startsWith("*")) return `ws${domain.slice(1)}`;
  if (domain.endsWith(":*")) return domain.slice(0, -1) + anyPort;
  return domain.endsWith("*") ? `${domain.slice(0, -1)}com` : domain;
}
