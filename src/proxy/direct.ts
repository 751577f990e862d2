/**
 * Arms without a process of ours: `direct`, where the generator meets the backend itself (the floor that every
 * proxy's cost is counted from), and a URL of something that is already running.
 */
import { createUsageMeter } from "./process-usage.js";
import type { PreparedProxy, ProxyEndpoint, ProxySetting, RunningProxy } from "./proxy.js";
import { plainDiary } from "./proxy-diary.js";

export function prepareDirect(setting: ProxySetting): PreparedProxy {
  return withoutProcess("direct", { tls: false, caPem: null, ...setting.backend });
}

/** @param url a valid ws:// or wss:// URL; its path and query are the workload's business */
export function prepareUrl(url: string): PreparedProxy {
  const { protocol, hostname, port } = new URL(url);
  const tls = protocol === "wss:";
  return withoutProcess("url", {
    tls,
    // A URL wraps an IPv6 address in brackets, a socket address does not.
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port === "" ? (tls ? 443 : 80) : Number(port),
    caPem: null,
  });
}

function withoutProcess(kind: string, endpoint: ProxyEndpoint): PreparedProxy {
  const running: RunningProxy = {
    ...createUsageMeter(null),
    endpoint,
    exited: () => null,
    log: () => [],
    diary: () => plainDiary([]),
    stop: () => Promise.resolve(),
  };
  return {
    kind,
    tls: endpoint.tls,
    facts: null,
    limits: () => [],
    version: null,
    build: null,
    config: null,
    configText: null,
    configSha256: null,
    changes: [],
    webSocket: null,
    upstreams: [],
    async start(signal) {
      signal.throwIfAborted();
      return running;
    },
  };
}
