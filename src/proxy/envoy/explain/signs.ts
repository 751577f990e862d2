/** By what Envoy is told from outside: it puts its name into every answer (1.36 to 1.40). */
import { headerOf, headerSign, type ProxySigns, toBroken } from "../../signs.js";

export const envoySigns: ProxySigns = {
  recognise({ broken }) {
    return /^(?:istio-)?envoy$/.test(headerOf(broken, "Server"))
      ? [headerSign(broken, "Server", toBroken)]
      : [];
  },
  meanings: [
    {
      status: 403,
      body: /^$/,
      cause: "an empty 403 is Envoy's answer to an upgrade that its config does not allow",
      cure: "upgrade_configs: [{ upgrade_type: websocket }] in the HTTP connection manager, or on the route",
    },
    {
      status: 403,
      body: /^RBAC: access denied/,
      cause: "Envoy's RBAC filter lets in by its rules, and this request fulfils none",
      cure: "a policy that lets the WebSocket's path, Host or client in",
    },
    {
      status: 408,
      body: /^stream timeout/,
      cause:
        "the request waited until stream_idle_timeout, or the route's idle_timeout, was over (SI): a buffer filter in its way, a full circuit breaker, or a silent backend",
      cure: "leave the buffer filter out of the upgrade's filters; see why the backend is silent",
    },
    {
      status: 429,
      body: /^local_rate_limited/,
      cause:
        "Envoy's local rate limit had no token left (RL): it counts the requests of all clients together",
      cure: "more max_tokens: after a restart all clients come back at once",
    },
    {
      status: 404,
      body: /^$/,
      cause:
        "an empty 404 is Envoy's answer where no virtual host has this Host, or no route takes the path (NR); domains match Host with its port",
      cure: "the host with its port among domains, or strip_any_host_port: true; a route for the path (--host and --path try others)",
    },
    {
      status: 503,
      body: /no healthy upstream/,
      cause: "the cluster has no endpoint that is up, or its name does not resolve (UH)",
      cure: "check its endpoints and health checks",
    },
    {
      status: 503,
      body: /upstream connect error/,
      cause:
        "Envoy could not connect to the backend (UF), it ended before an answer (UC), or a circuit breaker is full (overflow, UO)",
      cure: "check that the backend runs, and TLS or not to it; raise circuit_breakers where the words say overflow",
    },
    {
      status: 504,
      cause: "the route's timeout was over before the 101 (15 s by default)",
      cure: "see why the backend is slow; timeout: 0s on the route",
    },
    {
      status: null,
      cause:
        "an Envoy that answers other requests and not an upgrade may have a buffer filter in its way, or its cluster holds as many WebSockets as max_connections lets it (1,024 by default); or the backend itself is silent",
      cure: "leave the buffer filter out of the upgrade's filters; raise circuit_breakers; probe the config from both ends: wsrally probe envoy:FILE",
    },
  ],
};
