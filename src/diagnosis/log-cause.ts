/**
 * What a proxy's log can tell of why a connection was lost or refused, in the words that reports use: the same for
 * every proxy. Documented in docs/failures.md.
 */
export const logCauses = {
  "no-ports": "no local port left towards the backend",
  "no-descriptors": "the proxy ran out of file descriptors",
  "worker-connections": "worker_connections are not enough",
  "connections-short": "fewer than 1/16 of worker_connections free",
  "upstream-refused": "nobody listens where the proxy passes to",
  "upstream-unreachable": "the proxy cannot reach where it passes to",
  "upstream-timeout": "the upstream did not answer the proxy in time",
  "upstream-closed": "the upstream ended before it answered",
  "upstream-reset": "the upstream reset the proxy's connection",
  "upstream-answer": "the upstream's answer was refused by the proxy",
  "upstream-tls": "TLS to the upstream failed",
  "no-live-upstreams": "every upstream is marked as down",
  "name-not-found": "a name could not be resolved",
  "limit-conn": "a limit on connections",
  "limit-req": "a limit on requests",
  "queue-timeout": "waited in the proxy's queue until its time was over",
  "request-timeout": "the client did not send its request in time",
  "proxy-stopped": "the proxy ended the connection as it stopped",
  "access-denied": "access denied by a rule",
  "client-tls": "TLS with the client failed",
  "bad-request": "the client's request was malformed, or its head too large",
  "fault-injected": "a fault that the config injects",
  "client-ended": "the client ended first, by the proxy's log",
  "idle-timeout": "idle for longer than the proxy's timeout",
  lifetime: "open for longer than the proxy lets any connection be",
  "connection-reset": "one end reset an upgraded connection",
  "no-memory": "the proxy ran out of memory",
  "process-died": "a process of the proxy died",
  reloaded: "the proxy was reloaded",
  "sockets-left": "a process of the proxy ended with connections open",
} as const;

export type LogCause = keyof typeof logCauses;

/** What would do against those that a load of wsrally's meets by its size or its pace. */
export const logCauseCures: Readonly<Partial<Record<LogCause, string>>> = {
  "no-ports": "fewer --connections, or further addresses of the backend",
  "no-descriptors": "fewer --connections, or more open files (worker_rlimit_nofile, ulimit -n)",
  "worker-connections": "fewer --connections, or more worker_connections",
  "connections-short": "fewer --connections, or more worker_connections",
  "limit-conn": "fewer --connections, or a higher limit",
  "limit-req": "a slower --ramp, or a larger burst",
  "idle-timeout": "--heartbeat, a higher --rate, or a longer timeout",
  lifetime: "a longer limit, or none",
  "no-memory": "fewer --connections",
  "fault-injected": "the filter that injects it taken out",
};

export const logCauseIds = Object.keys(logCauses) as [LogCause, ...LogCause[]];
