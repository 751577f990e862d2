/**
 * What may stand in the JSON of a stranger's config, once it was made to run here: everything that is not named is refused.
 * None of it reads a file, asks an address, or tells anybody of anything but by what wsrally has put there itself.
 */

/** `plain`: text, numbers and lists or records of them, in which no module is named. */
export type Shape =
  | "plain"
  | { readonly kind: "one-of"; readonly values: readonly string[] }
  | { readonly kind: "list"; readonly of: () => Shape }
  | { readonly kind: "record"; readonly keys: Readonly<Record<string, () => Shape>> }
  /** Keys that the config chooses. */
  | { readonly kind: "map"; readonly of: () => Shape }
  /** Told apart by what stands under `key`. */
  | { readonly kind: "module"; readonly key: string; readonly shapes: Readonly<Record<string, () => Shape>> }
  | { readonly kind: "expression" }
  | { readonly kind: "dial" };

const plain = (): Shape => "plain";
const list = (of: () => Shape) => (): Shape => ({ kind: "list", of });
const map = (of: () => Shape) => (): Shape => ({ kind: "map", of });
const oneOf =
  (...values: readonly string[]) =>
  (): Shape => ({ kind: "one-of", values });

function record(plainKeys: string, keys: Readonly<Record<string, () => Shape>> = {}): () => Shape {
  const names = plainKeys.split(" ").filter(Boolean);
  return () => ({
    kind: "record",
    keys: { ...Object.fromEntries(names.map((name) => [name, plain])), ...keys },
  });
}

/** A matcher's expression may be a text, or a record with one. */
const expression = (): Shape => ({ kind: "expression" });

const matchSet = (): Shape =>
  record(
    "path host header method query protocol path_regexp header_regexp vars vars_regexp tls http_version",
    {
      remote_ip: record("ranges"),
      client_ip: record("ranges"),
      not: list(matchSet),
      file: record("try_files try_policy split_path", { root: oneOf("files") }),
      expression,
    },
  )();

const route = (): Shape => record("group terminal", { match: list(matchSet), handle: list(handler) })();

const responseRoutes = list(
  record("status_code", { match: record("status_code headers"), routes: list(route) }),
);

const headerOperations = record("add set delete replace");
const headerHandler = record("", {
  request: headerOperations,
  response: record("add set delete replace deferred", { require: record("status_code headers") }),
});

const selectionPolicy = (): Shape => ({
  kind: "module",
  key: "policy",
  shapes: Object.fromEntries(
    [
      ...["random", "random_choose", "round_robin", "weighted_round_robin", "least_conn", "first", "ip_hash"],
      ...["client_ip_hash", "uri_hash", "header", "cookie", "query"],
    ].map((name) => [
      name,
      record("policy choose weights field name secret key max_age secure", { fallback: selectionPolicy }),
    ]),
  ),
});

const tls = record("server_name insecure_skip_verify handshake_timeout renegotiation except_ports curves", {
  root_ca_pem_files: list(oneOf("backend-ca.pem")),
});

const transport = (): Shape => ({
  kind: "module",
  key: "protocol",
  shapes: {
    http: record(
      "protocol keep_alive compression max_conns_per_host dial_timeout dial_fallback_delay response_header_timeout " +
        "expect_continue_timeout max_response_header_size write_buffer_size read_buffer_size read_timeout write_timeout versions",
      { tls },
    ),
  },
});

const rewriteKeys = "method uri strip_path_prefix strip_path_suffix uri_substring path_regexp query";

const reverseProxy = record(
  "handler flush_interval trusted_proxies request_buffers response_buffers buffer_requests buffer_responses max_buffer_size " +
    "stream_timeout stream_close_delay stream_buffer_size stream_log_skip_handshake verbose_logs",
  {
    upstreams: list(record("max_requests", { dial: () => ({ kind: "dial" }) })),
    load_balancing: record("retries try_duration try_interval", {
      selection_policy: selectionPolicy,
      retry_match: list(matchSet),
    }),
    health_checks: record("", {
      passive: record("fail_duration max_fails unhealthy_request_count unhealthy_status unhealthy_latency"),
    }),
    headers: headerHandler,
    rewrite: record(rewriteKeys),
    handle_response: responseRoutes,
    transport,
  },
);

const handlers: Readonly<Record<string, () => Shape>> = {
  subroute: record("handler", { routes: list(route), errors: record("", { routes: list(route) }) }),
  reverse_proxy: reverseProxy,
  static_response: record("handler status_code headers body close abort"),
  headers: () => {
    const shape = headerHandler();
    return typeof shape === "object" && shape.kind === "record"
      ? { kind: "record", keys: { ...shape.keys, handler: plain } }
      : shape;
  },
  rewrite: record(`handler ${rewriteKeys}`),
  vars: map(plain),
  encode: record("handler prefer minimum_length", {
    encodings: record("", { gzip: record("level"), zstd: record("level disable_checksum") }),
    match: record("status_code headers"),
  }),
  error: record("handler error status_code"),
  request_body: record("handler max_size read_timeout write_timeout set"),
  map: record("handler source destinations mappings defaults"),
  authentication: record("handler", {
    providers: record("", {
      http_basic: record("accounts realm hash_cache", { hash: record("algorithm cost") }),
    }),
  }),
  invoke: record("handler name"),
  log_append: record("handler key value early"),
  copy_response: record("handler status_code"),
  copy_response_headers: record("handler include exclude"),
  intercept: record("handler", { handle_response: responseRoutes }),
  push: record("handler resources", { headers: headerOperations }),
  metrics: record("handler"),
  file_server: record(
    "handler index_names hide canonical_uris pass_thru status_code browse precompressed precompressed_order",
    {
      root: oneOf("files"),
    },
  ),
};

function handler(): Shape {
  return { kind: "module", key: "handler", shapes: handlers };
}

const server = record(
  "listen read_timeout read_header_timeout write_timeout idle_timeout keepalive_interval max_header_bytes " +
    "enable_full_duplex protocols strict_sni_host client_ip_headers trusted_proxies_strict automatic_https tls_connection_policies",
  {
    routes: list(route),
    errors: record("", { routes: list(route) }),
    named_routes: map(route),
    trusted_proxies: record("ranges", { source: oneOf("static") }),
  },
);

/** The app that serves; all else of the config is wsrally's own. */
export const httpShape: Shape = record("grace_period shutdown_delay", { servers: map(server) })();
