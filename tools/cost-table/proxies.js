/**
 * The proxies of the cost table, each with the built-in good config and once more with what its own documents advise for
 * many or for large messages.
 */

/** By kind, in the order of the table. */
export const proxies = {
  nginx: {
    title: "nginx",
    tuned: { proxy_buffer_size: "16k" },
    why: "a tunnel's read size in both directions (nginx.org, ngx_http_proxy_module, proxy_buffer_size)",
  },
  haproxy: {
    title: "HAProxy",
    tuned: { "tune.bufsize": "32768" },
    why: "a buffer that holds a large message whole (HAProxy's configuration manual, tune.bufsize)",
  },
  caddy: {
    title: "Caddy",
    tuned: { stream_buffer_size: "4k" },
    why: "smaller buffers of each direction (Caddy's documents, reverse_proxy, stream_buffer_size)",
  },
  envoy: {
    title: "Envoy",
    tuned: {
      "listener per_connection_buffer_limit_bytes": "32768",
      "cluster per_connection_buffer_limit_bytes": "32768",
      generate_request_id: "off",
    },
    why: "buffer limits of Envoy's edge best practices, no request ids as its FAQ on benchmarks advises",
  },
  traefik: {
    title: "Traefik",
    tuned: { fastProxy: "on" },
    why: "Traefik's own proxy in the place of Go's (Traefik's documents, FastProxy)",
  },
  apache: {
    title: "Apache",
    tuned: { ProxyIOBufferSize: "65536" },
    why: "a larger buffer of mod_proxy (Apache's documents, ProxyIOBufferSize)",
  },
};

/** The arms of one scheme: every proxy as it is, and tuned. */
export function armsOf(kinds, scheme) {
  const tls = scheme === "wss" ? { tls: "on" } : {};
  return kinds.flatMap((kind) => [
    { name: kind, arm: kind, set: tls },
    { name: `${kind}-tuned`, arm: kind, set: { ...proxies[kind].tuned, ...tls } },
  ]);
}
