/**
 * What `--set directive=value` may change in the built-in nginx config, and where each directive stands in it. Names
 * are checked here; whether a value makes sense is nginx's to say.
 */
import { UsageError } from "../../../base/errors.js";
import { refuseUnsafe, switchValue, unknownSetting } from "../../set-values.js";

/** Places of the built-in config. `listen` is a parameter of the listen directive, `tls` wsrally's own switch. */
export type SettingPlace =
  | "main"
  | "events"
  | "http"
  | "server"
  | "tls-server"
  | "location"
  | "upstream"
  | "listen"
  | "tls";

const namesByPlace: Readonly<Record<SettingPlace, readonly string[]>> = {
  main: [
    "worker_processes",
    "worker_cpu_affinity",
    "worker_priority",
    "worker_rlimit_nofile",
    "worker_shutdown_timeout",
    "timer_resolution",
  ],
  events: ["worker_connections", "multi_accept", "accept_mutex", "accept_mutex_delay", "use"],
  http: [
    "tcp_nodelay",
    "tcp_nopush",
    "sendfile",
    "keepalive_timeout",
    "keepalive_requests",
    "send_timeout",
    "client_header_timeout",
    "client_body_timeout",
    "client_header_buffer_size",
    "large_client_header_buffers",
    "connection_pool_size",
    "request_pool_size",
    "reset_timedout_connection",
    "lingering_close",
    "lingering_time",
    "lingering_timeout",
    "server_tokens",
    "gzip",
  ],
  server: ["http2"],
  "tls-server": [
    "ssl_protocols",
    "ssl_ciphers",
    "ssl_buffer_size",
    "ssl_session_cache",
    "ssl_session_tickets",
    "ssl_session_timeout",
    "ssl_prefer_server_ciphers",
    "ssl_ecdh_curve",
    "ssl_early_data",
    "ssl_conf_command",
  ],
  location: [
    "proxy_buffering",
    "proxy_buffer_size",
    "proxy_buffers",
    "proxy_busy_buffers_size",
    "proxy_request_buffering",
    "proxy_http_version",
    "proxy_connect_timeout",
    "proxy_read_timeout",
    "proxy_send_timeout",
    "proxy_socket_keepalive",
    "proxy_ignore_client_abort",
    "proxy_limit_rate",
    "proxy_next_upstream",
    "limit_rate",
  ],
  upstream: ["keepalive"],
  listen: ["reuseport", "deferred", "backlog", "so_keepalive", "fastopen", "rcvbuf", "sndbuf"],
  tls: ["tls"],
};

/** Listen parameters that are a bare word, present or absent; the others are `name=value`. */
const listenFlags = new Set(["reuseport", "deferred"]);

const placeByName: ReadonlyMap<string, SettingPlace> = new Map(
  Object.entries(namesByPlace).flatMap(([place, names]) =>
    names.map((name) => [name, place as SettingPlace]),
  ),
);

/** Every name that can be set, in the order of the config. */
export const settableNames: readonly string[] = [...placeByName.keys()];

export interface NginxSettings {
  /** Directives by place, each with its value as written. */
  readonly byPlace: Readonly<Record<SettingPlace, ReadonlyMap<string, string>>>;
  readonly tls: boolean;
  /** Parameters for the listen directive: "reuseport", "backlog=1024". */
  readonly listenParameters: readonly string[];
}

/** What ends a directive, opens a block, or starts a comment or a quoted word. */
const unsafe = ";{}\"'\\#`";

/** @throws UsageError for a name that cannot be set, or a value that would be more than a value */
export function parseNginxSettings(set: Readonly<Record<string, string>>): NginxSettings {
  const byPlace = emptyPlaces();
  for (const [name, value] of Object.entries(set)) {
    const place = placeByName.get(name);
    if (place === undefined)
      throw unknownSetting(name, { title: "nginx", kind: "nginx", names: settableNames });
    refuseUnsafe(name, value, unsafe);
    byPlace[place].set(name, value.trim());
  }
  const tls = switchValue("tls", byPlace.tls.get("tls") ?? "off");
  const [needsTls] = byPlace["tls-server"].keys();
  if (needsTls !== undefined && !tls) {
    throw new UsageError(`Cannot set ${needsTls} without TLS: it would change nothing; add --set tls=on`);
  }
  const listenParameters = [...byPlace.listen].flatMap(([name, value]) => {
    if (!listenFlags.has(name)) return [`${name}=${value}`];
    return switchValue(name, value) ? [name] : [];
  });
  return { byPlace, tls, listenParameters };
}

function emptyPlaces(): Record<SettingPlace, Map<string, string>> {
  return {
    main: new Map(),
    events: new Map(),
    http: new Map(),
    server: new Map(),
    "tls-server": new Map(),
    location: new Map(),
    upstream: new Map(),
    listen: new Map(),
    tls: new Map(),
  };
}
