/**
 * The kinds of proxy that wsrally runs: what an arm, a command and a document call them.
 */

export const proxyKinds = ["nginx", "haproxy", "caddy", "envoy", "traefik", "apache"] as const;

export type ProxyKind = (typeof proxyKinds)[number];

/** What says how many processes or threads carry connections. */
export const workersSetting: Readonly<Record<ProxyKind, string>> = {
  nginx: "worker_processes",
  haproxy: "nbthread",
  caddy: "GOMAXPROCS",
  envoy: "concurrency",
  traefik: "GOMAXPROCS",
  apache: "ServerLimit",
};

/** The same as a line of a config, or of the command. */
export const workersLine: Readonly<Record<ProxyKind, (workers: number) => string>> = {
  nginx: (workers) => `${workersSetting.nginx} ${workers};`,
  haproxy: (workers) => `${workersSetting.haproxy} ${workers}`,
  caddy: (workers) => `${workersSetting.caddy}=${workers}`,
  envoy: (workers) => `--${workersSetting.envoy} ${workers}`,
  traefik: (workers) => `${workersSetting.traefik}=${workers}`,
  apache: (workers) => `${workersSetting.apache} ${workers}`,
};

/** How the configs of a kind end, for a file that is named without its kind. */
const fileEndings: Readonly<Record<ProxyKind, RegExp>> = {
  nginx: /\.conf$/i,
  haproxy: /\.cfg$/i,
  caddy: /(?:^|[/:])Caddyfile$|\.caddyfile$/i,
  envoy: /envoy[^/]*\.(?:ya?ml|json)$/i,
  traefik: /traefik[^/]*\.(?:ya?ml|toml)$/i,
  apache: /httpd[^/]*\.conf$/i,
};

/** Whose config a file is, and nginx's where its name tells nothing. */
export function kindByFileName(file: string): ProxyKind {
  return kindToldByName(file) ?? "nginx";
}

/** The kind that a file is named after, or the nearest of its folders; else by how it ends. */
export function kindToldByName(file: string): ProxyKind | null {
  const named = file
    .toLowerCase()
    .split(/[/:]/)
    .reverse()
    .flatMap((part) => proxyKinds.filter((kind) => part.includes(kind)));
  return named[0] ?? proxyKinds.find((kind) => fileEndings[kind].test(file)) ?? null;
}

/** The config of an arm as it is written in a document: `FILE` of `haproxy:FILE`; null where it has none. */
export function configFileOf(armText: string): string | null {
  const kind = proxyKindOf(armText);
  return kind === null || armText === kind ? null : armText.slice(kind.length + 1);
}

/** Of an arm as it is written in a document: `haproxy:FILE`; null where it is no proxy of the real world. */
export function proxyKindOf(armText: string): ProxyKind | null {
  return toProxyKind(armText.replace(/:.*$/s, ""));
}

export function toProxyKind(text: string): ProxyKind | null {
  return proxyKinds.find((kind) => kind === text) ?? null;
}

/** What the kind is called as an arm, of a proxy that is known by other names too. */
export function kindCalled(name: string): ProxyKind | null {
  return ["apache2", "httpd"].includes(name.toLowerCase()) ? "apache" : null;
}
