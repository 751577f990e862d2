/**
 * Envoy, as the contract tests are told of it.
 */
import { type AskedConfig, type ContractFixture, upstreamHost } from "../support/contract-fixture.js";

function config({ idleS = 3600, isCramped = false, mark, secret, routeLine = "" }: AskedConfig = {}): string {
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
`;
}

export const envoyFixture: ContractFixture = {
  fileName: "envoy.yaml",
  config,
  brokenLine: { line: "no_such_field: 5", words: /no such field: 'no_such_field'/ },
  accepted: { set: { "route idle_timeout": "61s" }, shows: /"idle_timeout": "61s"/ },
  mistyped: { name: "stream_idle_timout", meant: "stream_idle_timeout" },
  badValue: { set: { lb_policy: "SIDEWAYS" }, words: /lb_policy|SIDEWAYS/ },
  hostile: () => [],
};
