/**
 * The built-in Envoy config: a plain, good reverse proxy for WebSockets, sized to the workload, with `--set` variants
 * applied. Files are named from the private folder; addresses are marks that a start fills in.
 */
import { type ConfigMap, mapOf, type Plain, plainOf } from "../../tree/config-node.js";
import { backendAddress, listenAddress, marks } from "./config-marks.js";
import { httpLog } from "./own-log.js";
import type { EnvoySettings } from "./settings.js";

/** Connections of a preflight, and of clients that are on their way out. */
const slack = 128;
/** Descriptors of its own: listeners, epoll, timers and logs of a few threads. */
export const ownFiles = 128;
/** A connection to each side. */
export const filesPerConnection = 2;

export const certificateFile = "run-cert.pem";
export const keyFile = "run-key.pem";

const types = {
  manager: "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
  http: "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
  router: "envoy.extensions.filters.http.router.v3.Router",
  tls: "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
} as const;

function typed(type: keyof typeof types): { readonly "@type": string } {
  return { "@type": `type.googleapis.com/${types[type]}` };
}

/** Envoy asks an HTTP/1.1 backend for the upgrade without one (envoy#8547), which RFC 6455 has it refuse: any will do. */
const ownKey = {
  header: { key: "Sec-WebSocket-Key", value: "d3NyYWxseS13c3JhbGx5IQ==" },
  append_action: "ADD_IF_ABSENT",
};

/**
 * @param backendPorts of wsrally's backend: an endpoint each, so that none runs out of Envoy's local ports
 * @param http what clients speak: on a plain port Envoy tells by itself
 */
export function builtInConfig(
  settings: EnvoySettings,
  connections: number,
  backendPorts: number,
  http: 1 | 2 = 1,
): ConfigMap {
  return mapOf({
    static_resources: {
      listeners: [listener(settings, http)],
      clusters: [cluster(settings, connections, backendPorts)],
    },
  });
}

function listener(settings: EnvoySettings, http: 1 | 2): Plain {
  return {
    name: "wsrally",
    address: plainOf(listenAddress(0)),
    ...settings.fields("listener"),
    filter_chains: [
      {
        filters: [
          { name: "envoy.filters.network.http_connection_manager", typed_config: manager(settings, http) },
        ],
        ...(settings.tls
          ? { transport_socket: tlsSocket({ ...alpnOf(http), ...settings.fields("tls") }) }
          : {}),
      },
    ],
  };
}

function manager(settings: EnvoySettings, http: 1 | 2): Plain {
  return {
    ...typed("manager"),
    stat_prefix: "wsrally",
    upgrade_configs: [{ upgrade_type: "websocket" }],
    // A benchmark's quiet connections are not to be cut.
    stream_idle_timeout: "0s",
    // X-Forwarded-For tells the backend who asks.
    use_remote_address: true,
    ...(http === 2 ? { http2_protocol_options: { allow_connect: true } } : {}),
    ...settings.fields("manager"),
    common_http_protocol_options: settings.fields("stream"),
    route_config: {
      name: "wsrally",
      ...(http === 2 ? { request_headers_to_add: [ownKey] } : {}),
      virtual_hosts: [
        {
          name: "wsrally",
          domains: ["*"],
          routes: [
            {
              match: { prefix: "/" },
              route: { cluster: "backend", timeout: "0s", ...settings.fields("route") },
            },
          ],
        },
      ],
    },
    http_filters: [{ name: "envoy.filters.http.router", typed_config: typed("router") }],
    access_log: [plainOf(httpLog(false))],
  };
}

function alpnOf(http: 1 | 2): Readonly<Record<string, Plain>> {
  return http === 2 ? { alpn_protocols: ["h2"] } : {};
}

/** Shared by the server's names: `tls_params` and `alpn_protocols` are of different messages. */
function tlsSocket({ alpn_protocols = ["http/1.1"], ...params }: Readonly<Record<string, Plain>>): Plain {
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: {
      ...typed("tls"),
      common_tls_context: {
        alpn_protocols,
        tls_params: params,
        tls_certificates: [
          { certificate_chain: { filename: certificateFile }, private_key: { filename: keyFile } },
        ],
      },
    },
  };
}

function cluster(settings: EnvoySettings, connections: number, backendPorts: number): Plain {
  const room = connections + slack;
  return {
    name: "backend",
    type: "STATIC",
    connect_timeout: "5s",
    ...settings.fields("cluster"),
    ...upstreamHttp(settings),
    circuit_breakers: {
      thresholds: [
        {
          // Of 1,024 each by default; a WebSocket takes one of each for as long as it lives, or is opened.
          max_connections: room,
          max_pending_requests: room,
          max_requests: room,
          ...settings.fields("breakers"),
        },
      ],
    },
    load_assignment: {
      cluster_name: "backend",
      endpoints: [
        {
          lb_endpoints: Array.from({ length: backendPorts }, (_, index) => ({
            endpoint: { address: plainOf(backendAddress(marks.backendPort(index))) },
          })),
        },
      ],
    },
  };
}

/** HTTP/2 to the backend where that is set; HTTP/1.1 is what Envoy does unasked. */
function upstreamHttp(settings: EnvoySettings): Readonly<Record<string, Plain>> {
  if (settings.fields("upstream").http2_protocol_options !== true) return {};
  const options = { ...typed("http"), explicit_http_config: { http2_protocol_options: {} } };
  return { typed_extension_protocol_options: { [types.http]: options } };
}
