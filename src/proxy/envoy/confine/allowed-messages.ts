/**
 * Which messages, and which fields of each, a stranger's config may use: those that are known to touch neither files, nor
 * other hosts, nor code, or whose files and addresses are wsrally's own by now. Everything else is left out or refused.
 *
 * `field` is a single value or a list of such; `field:Message` is checked as that message; `field:leaf` may hold what
 * `leafFields` names, as deep as it likes; `field:typed` is a message that says its own type, one of `types`.
 */

import { leafFields } from "./leaf-fields.js";

type FieldRule = string;

function fields(text: string): ReadonlyMap<string, FieldRule> {
  return new Map(
    text
      .trim()
      .split(/\s+/)
      .map((word) => {
        const [name = "", rule = "value"] = word.split(":");
        return [name, rule];
      }),
  );
}

const headers = `request_headers_to_add:leaf request_headers_to_remove response_headers_to_add:leaf response_headers_to_remove`;
const perFilter = `typed_per_filter_config:TypedMap`;
const retries = `retry_policy:leaf hedge_policy:leaf`;

export const messages: Readonly<Record<string, ReadonlyMap<string, FieldRule>>> = {
  Bootstrap: fields(`static_resources:StaticResources overload_manager:OverloadManager`),
  StaticResources: fields(`listeners:Listener clusters:Cluster`),
  OverloadManager: fields(`refresh_interval resource_monitors:Extension actions:leaf`),
  Extension: fields(`name typed_config:typed disabled is_optional`),
  Listener:
    fields(`name address:Address stat_prefix filter_chains:FilterChain default_filter_chain:FilterChain
    listener_filters:Extension listener_filters_timeout continue_on_listener_filters_timeout
    per_connection_buffer_limit_bytes drain_type tcp_fast_open_queue_length traffic_direction
    connection_balance_config:leaf enable_reuse_port reuse_port tcp_backlog_size ignore_global_conn_limit
    max_connections_to_accept_per_socket_event internal_listener:leaf access_log:AccessLog enable_mptcp
    socket_options:SocketOption tcp_keepalive:leaf`),
  SocketOption: fields(`description level name int_value state`),
  Address: fields(`socket_address:SocketAddress envoy_internal_address:leaf`),
  SocketAddress: fields(`address port_value`),
  FilterChain: fields(`name filter_chain_match:leaf filters:Extension transport_socket:Extension
    transport_socket_connect_timeout`),
  AccessLog: fields(`name typed_config:typed filter:leaf`),
  FileAccessLog: fields(`path log_format:leaf`),
  TlsInspector: fields(
    `enable_ja3_fingerprinting enable_ja4_fingerprinting initial_read_buffer_size close_connection_on_client_hello_parsing_errors`,
  ),
  HttpInspector: fields(``),
  RawBuffer: fields(``),
  DownstreamTlsContext:
    fields(`common_tls_context:CommonTlsContext session_timeout disable_stateless_session_resumption
    disable_stateful_session_resumption max_session_keys full_scan_certs_on_sni_mismatch prefer_client_ciphers`),
  UpstreamTlsContext: fields(`common_tls_context:CommonTlsContext sni auto_host_sni auto_sni_san_validation
    allow_renegotiation max_session_keys enforce_rsa_key_usage`),
  CommonTlsContext: fields(`tls_params:leaf alpn_protocols tls_certificates:leaf validation_context:leaf`),
  TcpProxy:
    fields(`stat_prefix cluster weighted_clusters:leaf idle_timeout downstream_idle_timeout upstream_idle_timeout
    max_connect_attempts max_downstream_connection_duration access_log:AccessLog flush_access_log_on_connected`),
  ConnectionLimit: fields(`stat_prefix max_connections delay runtime_enabled:leaf`),
  NetworkLocalRateLimit: fields(`stat_prefix token_bucket:leaf runtime_enabled:leaf`),
  HttpConnectionManager:
    fields(`codec_type stat_prefix route_config:RouteConfiguration http_filters:Extension add_user_agent
    common_http_protocol_options:leaf http_protocol_options:leaf http2_protocol_options:leaf server_name
    server_header_transformation scheme_header_transformation:leaf max_request_headers_kb stream_idle_timeout
    stream_flush_timeout request_timeout request_headers_timeout drain_timeout delayed_close_timeout
    access_log:AccessLog use_remote_address xff_num_trusted_hops internal_address_config:leaf skip_xff_append via
    generate_request_id preserve_external_request_id always_set_request_id_in_response forward_client_cert_details
    set_current_client_cert_details:leaf proxy_100_continue represent_ipv4_remote_address_as_ipv4_mapped_ipv6
    upgrade_configs:UpgradeConfig normalize_path merge_slashes path_with_escaped_slashes_action local_reply_config:leaf
    strip_matching_host_port strip_any_host_port stream_error_on_invalid_http_message strip_trailing_host_dot
    proxy_status_config:leaf append_x_forwarded_port add_proxy_protocol_connection_state append_local_overload
    original_ip_detection_extensions:Extension request_id_extension:Extension http1_safe_max_connection_duration`),
  UpgradeConfig: fields(`upgrade_type enabled filters:Extension connect_config:leaf`),
  RouteConfiguration: fields(`name virtual_hosts:VirtualHost internal_only_headers ${headers}
    most_specific_header_mutations_wins validate_clusters max_direct_response_body_size_bytes
    ignore_port_in_host_matching ignore_path_parameters_in_path_matching ${perFilter}`),
  VirtualHost:
    fields(`name domains routes:Route require_tls virtual_clusters:leaf rate_limits:leaf ${headers} cors:leaf
    ${perFilter} include_request_attempt_count include_attempt_count_in_response ${retries}
    per_request_buffer_limit_bytes request_body_buffer_limit include_is_timeout_retry_header`),
  Route:
    fields(`name match:leaf route:RouteAction redirect:leaf direct_response:leaf decorator:leaf ${perFilter} ${headers}
    per_request_buffer_limit_bytes request_body_buffer_limit stat_prefix`),
  RouteAction:
    fields(`cluster cluster_header weighted_clusters:WeightedClusters cluster_not_found_response_code
    metadata_match:struct prefix_rewrite regex_rewrite:leaf host_rewrite_literal auto_host_rewrite host_rewrite_header
    host_rewrite_path_regex:leaf append_x_forwarded_host timeout idle_timeout flush_timeout early_data_policy:leaf
    ${retries} priority rate_limits:leaf include_vh_rate_limits hash_policy:leaf cors:leaf max_grpc_timeout
    grpc_timeout_offset upgrade_configs:UpgradeConfig internal_redirect_policy:leaf internal_redirect_action
    max_internal_redirects max_stream_duration:leaf`),
  WeightedClusters: fields(`clusters:WeightedCluster total_weight runtime_key_prefix header_name`),
  WeightedCluster: fields(`name weight metadata_match:struct ${headers} ${perFilter} host_rewrite_literal`),
  Cluster: fields(`name alt_stat_name type connect_timeout per_connection_buffer_limit_bytes lb_policy
    load_assignment:LoadAssignment max_requests_per_connection circuit_breakers:leaf upstream_http_protocol_options:leaf
    common_http_protocol_options:leaf http_protocol_options:leaf http2_protocol_options:leaf
    typed_extension_protocol_options:TypedMap common_lb_config:leaf transport_socket:Extension protocol_selection
    upstream_connection_options:leaf close_connections_on_host_health_failure ignore_health_on_host_removal
    connection_pool_per_downstream_connection preconnect_policy:leaf cleanup_interval`),
  LoadAssignment: fields(`cluster_name endpoints:LocalityEndpoints policy:leaf`),
  LocalityEndpoints: fields(`locality:leaf lb_endpoints:LbEndpoint load_balancing_weight priority`),
  LbEndpoint: fields(`endpoint:Endpoint health_status load_balancing_weight`),
  Endpoint: fields(`address:Address hostname`),
  FilterConfig: fields(`config:typed is_optional disabled`),
  Compressor:
    fields(`content_length content_type disable_on_etag_header remove_accept_encoding_header runtime_enabled:leaf
    compressor_library:Extension request_direction_config:leaf response_direction_config:leaf choose_first`),
  Decompressor: fields(
    `decompressor_library:Extension request_direction_config:leaf response_direction_config:leaf`,
  ),
  StatefulSession: fields(`session_state:Extension strict`),
};

/** Messages that say their own type: by its full name, which message it is, or `Leaf` for one of `leafFields` alone. */
export const types: Readonly<Record<string, string>> = Object.fromEntries(
  `
  extensions.filters.network.http_connection_manager.v3.HttpConnectionManager:HttpConnectionManager
  extensions.filters.network.tcp_proxy.v3.TcpProxy:TcpProxy
  extensions.filters.network.connection_limit.v3.ConnectionLimit:ConnectionLimit
  extensions.filters.network.local_ratelimit.v3.LocalRateLimit:NetworkLocalRateLimit
  extensions.filters.listener.tls_inspector.v3.TlsInspector:TlsInspector
  extensions.filters.listener.http_inspector.v3.HttpInspector:HttpInspector
  extensions.transport_sockets.raw_buffer.v3.RawBuffer:RawBuffer
  extensions.transport_sockets.tls.v3.DownstreamTlsContext:DownstreamTlsContext
  extensions.transport_sockets.tls.v3.UpstreamTlsContext:UpstreamTlsContext
  extensions.access_loggers.file.v3.FileAccessLog:FileAccessLog
  extensions.filters.http.router.v3.Router:Leaf
  extensions.filters.http.buffer.v3.Buffer:Leaf
  extensions.filters.http.buffer.v3.BufferPerRoute:Leaf
  extensions.filters.http.local_ratelimit.v3.LocalRateLimit:Leaf
  extensions.filters.http.cors.v3.Cors:Leaf
  extensions.filters.http.cors.v3.CorsPolicy:Leaf
  extensions.filters.http.csrf.v3.CsrfPolicy:Leaf
  extensions.filters.http.fault.v3.HTTPFault:Leaf
  extensions.filters.http.health_check.v3.HealthCheck:Leaf
  extensions.filters.http.header_mutation.v3.HeaderMutation:Leaf
  extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute:Leaf
  extensions.filters.http.grpc_web.v3.GrpcWeb:Leaf
  extensions.filters.http.grpc_stats.v3.FilterConfig:Leaf
  extensions.filters.http.rbac.v3.RBAC:Leaf
  extensions.filters.http.rbac.v3.RBACPerRoute:Leaf
  extensions.filters.http.basic_auth.v3.BasicAuth:Leaf
  extensions.filters.http.basic_auth.v3.BasicAuthPerRoute:Leaf
  extensions.filters.http.bandwidth_limit.v3.BandwidthLimit:Leaf
  extensions.filters.http.compressor.v3.Compressor:Compressor
  extensions.filters.http.decompressor.v3.Decompressor:Decompressor
  extensions.filters.http.stateful_session.v3.StatefulSession:StatefulSession
  extensions.http.stateful_session.cookie.v3.CookieBasedSessionState:Leaf
  extensions.http.stateful_session.header.v3.HeaderBasedSessionState:Leaf
  extensions.compression.gzip.compressor.v3.Gzip:Leaf
  extensions.compression.gzip.decompressor.v3.Gzip:Leaf
  extensions.compression.brotli.compressor.v3.Brotli:Leaf
  extensions.compression.brotli.decompressor.v3.Brotli:Leaf
  extensions.compression.zstd.compressor.v3.Zstd:Leaf
  extensions.http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig:Leaf
  extensions.http.original_ip_detection.xff.v3.XffConfig:Leaf
  extensions.http.original_ip_detection.custom_header.v3.CustomHeaderConfig:Leaf
  extensions.request_id.uuid.v3.UuidRequestIdConfig:Leaf
  extensions.upstreams.http.v3.HttpProtocolOptions:Leaf
  extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate:Leaf
  extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig:Leaf
  extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig:Leaf
  config.route.v3.FilterConfig:FilterConfig
  `
    .trim()
    .split(/\s+/)
    .map((line) => {
      const [type = "", message = ""] = line.split(":");
      return [`envoy.${type}`, message];
    }),
);

/** Left out: of no use to a WebSocket, and no reason to refuse a config for. */
export const leftOut: ReadonlyMap<string, string> = new Map(
  [
    ...["node", "stats_config", "cluster_manager", "stats_flush_interval", "enable_dispatcher_stats"],
    ...[
      "metadata",
      "typed_filter_metadata",
      "header_prefix",
      "stats_flush_on_admin",
      "use_tcp_for_dns_lookups",
    ],
    ...["early_header_mutation_extensions", "vhds", "cluster_specifier_plugins", "request_mirror_policies"],
    ...["decorator", "access_log_options", "tunneling_config", "grpc_async_client_manager_config"],
    ...["layered_runtime", "inline_headers", "memory_allocator_manager", "deferred_stat_options"],
  ].map((name) => [name, "a gate does without it"]),
);

/** For whoever misspelt one. */
export const knownFields: readonly string[] = [
  ...new Set([...Object.values(messages).flatMap((message) => [...message.keys()]), ...leafFields]),
];

/** Command operators of texts that tell nothing of the machine. */
export const operators =
  /^(?:REQ|REQUEST_\w+|RESP|RESPONSE_\w+|TRAILER|DOWNSTREAM_\w+|UPSTREAM_\w+|START_TIME|EMIT_TIME|DURATION|COMMON_DURATION|PROTOCOL|BYTES_\w+|ROUTE_NAME|VIRTUAL_\w+|LOCAL_REPLY_BODY|STREAM_ID|REQUESTED_SERVER_NAME|CONNECTION_\w+|GRPC_STATUS\w*|DYNAMIC_METADATA|CLUSTER_METADATA|PER_REQUEST_STATE|QUERY_PARAM\w*|PATH|TRACE_ID)$/;
