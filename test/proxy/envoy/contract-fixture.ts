/**
 * Envoy, as the contract tests are told of it.
 */
import {
  type AskedConfig,
  type ContractFixture,
  type Decoys,
  upstreamHost,
} from "../support/contract-fixture.js";

function config({
  idleS = 3600,
  isCramped = false,
  mark,
  secret,
  processLine = "",
  routeLine = "",
}: AskedConfig = {}): string {
  return `static_resources:
  listeners:
  - name: web
    address: {socket_address: {address: 0.0.0.0, port_value: 8443}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: web
          stream_idle_timeout: ${idleS}s
          upgrade_configs:
          - upgrade_type: websocket
          route_config:
            virtual_hosts:
            - name: app
              domains: ["*"]
              routes:
${mark === undefined ? "" : `              - match: {path: /mark}\n                direct_response: {status: 200, body: {inline_string: "${mark}"}}\n`}\
              - match: {prefix: /}
                route: {cluster: app, timeout: 0s}
                ${routeLine}
${secret === undefined ? "" : `                request_headers_to_add:\n                - header: {key: authorization, value: "Bearer ${secret}"}\n`}\
          http_filters:
          - name: envoy.filters.http.router
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
  clusters:
  - name: app
    type: STRICT_DNS
    connect_timeout: 2s
${isCramped ? "    circuit_breakers: {thresholds: [{max_requests: 20, max_connections: 20}]}\n" : ""}\
    load_assignment:
      cluster_name: app
      endpoints:
      - lb_endpoints:
        - endpoint: {address: {socket_address: {address: ${upstreamHost}, port_value: 9000}}}
${processLine}
`;
}

const extensions = "type.googleapis.com/envoy.extensions";

function filter(type: string, settings: string): string {
  return `{name: f, typed_config: {"@type": ${extensions}.filters.http.${type}, ${settings}}}`;
}

/** A second `static_resources`, which takes the first one's place, with filters of its own before the router. */
function withFilters(...filters: readonly string[]): string {
  return withManager("stat_prefix: a", filters.join(", "));
}

function withManager(field: string, filters = ""): string {
  const router = `{name: r, typed_config: {"@type": ${extensions}.filters.http.router.v3.Router}}`;
  const routes =
    "{virtual_hosts: [{name: a, domains: ['*'], routes: [{match: {prefix: /}, route: {cluster: app}}]}]}";
  const manager = `{"@type": ${extensions}.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: s, ${field}, route_config: ${routes}, http_filters: [${filters === "" ? "" : `${filters}, `}${router}]}`;
  return `static_resources: {listeners: [{address: {socket_address: {address: 0.0.0.0, port_value: 8443}}, filter_chains: [{filters: [{name: h, typed_config: ${manager}}]}]}], clusters: [{name: app, type: STATIC, load_assignment: {cluster_name: app, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: ${upstreamHost}, port_value: 9000}}}}]}]}}]}`;
}

function clusterWith(fields: string): string {
  return `static_resources: {clusters: [{name: app, ${fields}}]}`;
}

function hostileProcesses({
  folder,
  file,
  program,
  host,
  tcpPort,
  udpPort,
  variable,
}: Decoys): AskedConfig[] {
  const address = `{socket_address: {address: ${host}, port_value: ${tcpPort}}}`;
  const datagrams = `{socket_address: {protocol: UDP, address: ${host}, port_value: ${udpPort}}}`;
  const touch = `os.execute('${program}')`;
  // What is left out may as well be left out together; what is refused is refused by itself.
  const leftOut = [
    `admin: {access_log_path: ${folder}/admin.log, profile_path: ${folder}/p, address: ${address}}`,
    `stats_sinks: [{name: s, typed_config: {"@type": type.googleapis.com/envoy.config.metrics.v3.StatsdSink, address: ${datagrams}}}]`,
    `layered_runtime: {layers: [{name: d, disk_layer: {symlink_root: ${folder}}}]}`,
    `flags_path: ${folder}`,
    `cluster_manager: {outlier_detection: {event_log_path: ${folder}/events}}`,
    `bootstrap_extensions: [{name: w, typed_config: {"@type": ${extensions}.wasm.v3.WasmService, config: {vm_config: {code: {local: {filename: ${file}}}}}}}]`,
  ];
  const lines = [
    leftOut.join("\n"),
    `dynamic_resources: {cds_config: {path_config_source: {path: ${file}}}}`,
    `dynamic_resources: {lds_config: {path: ${file}}}`,
    `dynamic_resources: {lds_config: {api_config_source: {api_type: REST, cluster_names: [app]}}}`,
    `overload_manager: {resource_monitors: [{name: i, typed_config: {"@type": ${extensions}.resource_monitors.injected_resource.v3.InjectedResourceConfig, filename: ${file}}}]}`,
    withFilters(
      filter("lua.v3.Lua", `default_source_code: {inline_string: "${touch}"}`),
      filter("lua.v3.Lua", `default_source_code: {filename: ${file}}`),
      filter("wasm.v3.Wasm", `config: {vm_config: {code: {local: {filename: ${file}}}}}`),
      filter("golang.v3alpha.Config", `library_id: a, library_path: ${program}, plugin_name: a`),
      filter(
        "dynamic_modules.v3.DynamicModuleFilter",
        `dynamic_module_config: {name: decoy}, filter_name: a`,
      ),
      filter(
        "ext_authz.v3.ExtAuthz",
        `http_service: {server_uri: {uri: http://${host}:${tcpPort}, cluster: app, timeout: 1s}}`,
      ),
      filter(
        "tap.v3.Tap",
        `common_config: {static_config: {match: {any_match: true}, output_config: {sinks: [{file_per_tap: {path_prefix: ${folder}/tap}}]}}}`,
      ),
      filter(
        "file_system_buffer.v3.FileSystemBufferFilterConfig",
        `manager_config: {thread_pool: {thread_count: 1}}`,
      ),
      filter("jwt_authn.v3.JwtAuthentication", `providers: {a: {local_jwks: {filename: ${file}}}}`),
      filter("basic_auth.v3.BasicAuth", `users: {environment_variable: ${variable}}`),
    ),
    withFilters(filter("decoy.v3.Decoy", `filename: ${file}`)),
    withManager(
      `access_log: [{name: a, typed_config: {"@type": ${extensions}.access_loggers.file.v3.FileAccessLog, path: ${folder}/access.log}}]`,
    ),
    withManager(
      `tracing: {provider: {name: z, typed_config: {"@type": type.googleapis.com/envoy.config.trace.v3.ZipkinConfig, collector_cluster: app, collector_endpoint: /}}}`,
    ),
    withManager(`server_name: "%ENVIRONMENT(${variable})%"`),
    withManager(`local_reply_config: {body_format: {text_format_source: {filename: ${file}}}}`),
    withManager(
      `local_reply_config: {body_format: {text_format_source: {inline_string: "%FILE_CONTENT(${file})%"}}}`,
    ),
    withManager(`rds: {config_source: {path_config_source: {path: ${file}}}}`),
    clusterWith(
      `type: STRICT_DNS, load_assignment: {cluster_name: app, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: decoy.test, port_value: 1}}}}]}]}, typed_dns_resolver_config: {name: c, typed_config: {"@type": ${extensions}.network.dns_resolver.cares.v3.CaresDnsResolverConfig, resolvers: [${datagrams}]}}`,
    ),
    clusterWith(`type: EDS, eds_cluster_config: {eds_config: {path: ${file}}}`),
    clusterWith(
      `health_checks: [{timeout: 1s, interval: 1s, unhealthy_threshold: 1, healthy_threshold: 1, tcp_health_check: {}, event_log_path: ${folder}/hc}]`,
    ),
    clusterWith(`upstream_bind_config: {source_address: {address: ${host}, port_value: 0}}`),
    clusterWith(
      `transport_socket: {name: t, typed_config: {"@type": ${extensions}.transport_sockets.tls.v3.UpstreamTlsContext, common_tls_context: {validation_context: {trusted_ca: {filename: ${file}}}}}}`,
    ),
    clusterWith(
      `transport_socket: {name: t, typed_config: {"@type": ${extensions}.transport_sockets.tap.v3.Tap, common_config: {static_config: {match_config: {any_match: true}, output_config: {sinks: [{file_per_tap: {path_prefix: ${folder}/tap}}]}}}, transport_socket: {name: r}}}`,
    ),
  ];
  return lines.map((processLine) => ({ processLine }));
}

function hostileRoutes({ file, host, tcpPort, variable }: Decoys): AskedConfig[] {
  const lines = [
    `metadata: {filter_metadata: {a: {b: ${file}}}}`,
    `response_headers_to_add: [{header: {key: x-decoy, value: "%ENVIRONMENT(${variable})%"}}]`,
    `response_headers_to_add: [{header: {key: x-decoy, value: "%FILE_CONTENT(${file})%"}}]`,
    `typed_per_filter_config: {l: {"@type": ${extensions}.filters.http.lua.v3.LuaPerRoute, source_code: {filename: ${file}}}}`,
    `direct_response: {status: 200, body: {filename: ${file}}}`,
    `direct_response: {status: 200, body: {environment_variable: ${variable}}}`,
    `unknown_field: {filename: ${file}}`,
    `tracing: {custom_tags: [{tag: a, environment: {name: ${variable}}}]}`,
    `route: {cluster: app, request_mirror_policies: [{cluster: ${host}_${tcpPort}}]}`,
    `route: {cluster_specifier_plugin: {extension: {name: g, typed_config: {"@type": ${extensions}.filters.http.golang.v3alpha.Config}}}}`,
  ];
  return lines.map((routeLine) => ({ routeLine }));
}

export const envoyFixture: ContractFixture = {
  fileName: "envoy.yaml",
  config,
  brokenLine: { line: "no_such_field: 5", words: /no such field: 'no_such_field'/ },
  accepted: { set: { "route idle_timeout": "61s" }, shows: /"idle_timeout": "61s"/ },
  mistyped: { name: "stream_idle_timout", meant: "stream_idle_timeout" },
  badValue: { set: { lb_policy: "SIDEWAYS" }, words: /lb_policy|SIDEWAYS/ },
  isFixed: true,
  hostile: (decoys) => [...hostileProcesses(decoys), ...hostileRoutes(decoys)],
};
