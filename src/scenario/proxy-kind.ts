/**
 * The kinds of proxy that wsrally runs: what an arm, a command and a document call them.
 */

export const proxyKinds = ["nginx", "haproxy"] as const;

export type ProxyKind = (typeof proxyKinds)[number];

/** Proxies that people ask for by name and that have no driver. */
const otherProxies = ["caddy", "envoy", "traefik", "apache", "apache2", "httpd"];

/** What says how many processes or threads carry connections. */
export const workersSetting: Readonly<Record<ProxyKind, string>> = {
  nginx: "worker_processes",
  haproxy: "nbthread",
};

/** Of an arm as it is written in a document: `haproxy:FILE`; null where it is no proxy of the real world. */
export function proxyKindOf(armText: string): ProxyKind | null {
  return toProxyKind(armText.replace(/:.*$/s, ""));
}

export function toProxyKind(text: string): ProxyKind | null {
  return proxyKinds.find((kind) => kind === text) ?? null;
}

/** Whether it is a proxy that wsrally does not run. */
export function isOtherProxy(text: string): boolean {
  return otherProxies.includes(text.toLowerCase());
}
