/**
 * What an arm asks of its proxy's driver.
 */
import type { ArmTarget } from "../scenario/arm.js";
import type { ConfigRequest, Settings } from "./driver.js";
import type { ProxyWish } from "./proxy.js";

export function configRequest(
  target: ArmTarget & { readonly kind: "proxy" },
  set: Settings,
  { backend, connections, path, serverName, host, ...wish }: ProxyWish,
): ConfigRequest {
  const { keepsAccess, keepsUpstream, isPlaced = false, variant = null, liftsRates = false, http = 1 } = wish;
  const asked = {
    backend,
    connections,
    path,
    serverName,
    host,
    variant,
    isPlaced,
    liftsRates,
    http,
  } as const;
  return {
    ...asked,
    ...(target.image === undefined ? {} : { image: target.image }),
    source:
      target.configFile === null ? { kind: "built-in", set } : { kind: "file", file: target.configFile },
    access: keepsAccess ? "kept" : "opened",
    upstream: keepsUpstream ? "as-configured" : "ours",
    confinedTo: target.configFile === null ? null : target.confinedTo,
  };
}
