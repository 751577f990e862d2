/**
 * The corpus: for each config what an upgrade through it comes to, and what Envoy's driver must say of it. `says` is of
 * cause or cure; nothing may be advised but what `advises` names.
 */
import type { FindingId } from "#wsrally/diagnosis/finding.js";
import type { Log, Symptom } from "#wsrally/diagnosis/symptom.js";
import { readLogLine } from "#wsrally/proxy/envoy/run/read-log-line.js";

export interface CorpusRow {
  readonly file: string;
  readonly path?: string;
  /** What the driver is to find for itself. */
  readonly finds?: { readonly path?: string; readonly host?: string | null };
  /** What a probe would see; where `answers` is given as well the real program shows it. */
  readonly symptom?: Symptom;
  /** Of the real program: a status, or how a request stays without one. The row is run where it is given. */
  readonly answers?: number | "timeout" | "closed";
  /** Where the request arrives, if not where it was sent to. */
  readonly arrives?: string;
  readonly says?: RegExp;
  readonly not?: RegExp;
  readonly idleS?: number | null;
  readonly room?: number;
  readonly advises?: readonly FindingId[];
  /** Among what is advised, a note's words included. */
  readonly tells?: RegExp;
  /** Among the changes that are listed. */
  readonly changes?: RegExp;
  /** Refused by wsrally as it is read, or by Envoy, with these words and place. */
  readonly refused?: RegExp;
  /** Of a gate, where it refuses what a user's own config may have. */
  readonly confined?: RegExp;
}

function good(file: string, more: Partial<CorpusRow> = {}): CorpusRow {
  return { file: `good-${file}.yaml`, idleS: 300, not: /./, ...more };
}

function logged(line: string): Log {
  return [readLogLine(`[access] ${line}`)];
}

function early(status: number, details = "-", flags = "-"): Symptom {
  const log = logged(`${status} ${flags} ${details} cluster=app "GET /ws" 1ms -`);
  return { kind: "answered-early", status, location: null, bodyStart: "", log };
}

function changed(sent: string, arrived: string): Symptom {
  const change = { path: { wanted: sent, arrived }, lost: [], gained: [] };
  return { kind: "path-changed", sent, arrived, change };
}

const hangs: Symptom = { kind: "unanswered", how: "timeout", log: [] };
const cut: Symptom = { kind: "unanswered", how: "closed", log: [] };
const lost: Symptom = { kind: "upgrade-lost", upgrade: null, connection: null };
const quiet: Symptom = { kind: "idle-end", afterS: null };

export const corpus: readonly CorpusRow[] = [
  good("any-port", { finds: { host: "app.example.com:8080" }, answers: 101 }),
  good("plain", {
    answers: 101,
    room: 1024,
    finds: { path: "/", host: null },
    tells: /reaches the client 1s late/,
  }),
  good("route-upgrade", { answers: 101, idleS: 1800, finds: { path: "/chat" } }),
  good("map-for-list", { answers: 101 }),
  good("route-enables", { finds: { path: "/ws" } }),
  good("domains", { finds: { host: "app.example.com", path: "/ws" } }),
  good("buffer-bypassed", { answers: 101, symptom: hangs }),
  good("buffer-off", { symptom: hangs, finds: { path: "/ws" } }),
  good("regex", { answers: 101, finds: { path: "/socket/0/ws" } }),
  good("header-route", { answers: 101 }),
  good("weighted", { finds: { path: "/ws" } }),
  good("yaml-11", { answers: 101, changes: /`app\.internal:9000` of cluster app/ }),
  good("hop", { answers: 101, idleS: 45, finds: { path: "/ws" } }),
  good("limits", { idleS: null, room: 8000 }),
  good("tls", { finds: { host: "ws.example.com" }, changes: /The listener's certificate is the run's own/ }),
  good("upstream-tls", { changes: /asked without TLS/ }),
  good("tcp", { answers: 101, idleS: 600 }),
  { ...good("json"), file: "good-json.json", idleS: 90, finds: { path: "/live" } },
  {
    ...good("files"),
    file: "good-files/envoy.yaml",
    answers: 101,
    idleS: 77,
    finds: { path: "/socket" },
    changes: /The routes of rds\.yaml are read once[\s\S]*10\.1\.1\.1:9000.*eds\.yaml:6/,
  },
  good("filters", {
    answers: 101,
    changes:
      /`admin` was left out[\s\S]*HTTP filter Lua was left out: no code of a config runs[\s\S]*`health_checks` was left out/,
  }),
  good("sticky", {
    finds: { path: "/socket.io" },
    tells:
      /handshakes of a client spread over 2 endpoints: socket\.io[\s\S]*|one other route is for WebSockets too/,
  }),
  { file: "port-443.yaml", advises: ["tls-scheme"], tells: /port 443 speaks no TLS/ },
  {
    file: "no-upgrade.yaml",
    answers: 403,
    symptom: early(403, "upgrade_failed"),
    says: /neither the HttpConnectionManager at .*no-upgrade\.yaml:10 nor the route for \/ at .*:18 has `upgrade_configs`[\s\S]*- upgrade_type: websocket/,
  },
  {
    file: "upgrade-type.yaml",
    answers: 403,
    symptom: early(403, "upgrade_failed"),
    says: /`upgrade_type: websockets` at .*:13 is no protocol that a client asks for/,
  },
  {
    file: "upgrade-off.yaml",
    answers: 403,
    symptom: early(403, "upgrade_failed"),
    says: /`enabled: false` at .*:25 switches WebSockets off for the route for \/ws/,
  },
  {
    file: "upgrade-off-everywhere.yaml",
    symptom: early(403, "upgrade_failed"),
    says: /`enabled: false` at .*:14 switches WebSockets off in the HttpConnectionManager/,
  },
  {
    file: "buffer.yaml",
    answers: "timeout",
    symptom: hangs,
    says: /the filter Buffer at .*buffer\.yaml:2\d waits for the end of the request[\s\S]*filters:/,
  },
  {
    file: "buffer-until-idle.yaml",
    answers: 408,
    symptom: early(408, "stream_idle_timeout", "SI"),
    says: /the filter Buffer at .*:\d+ waits for the end/,
    idleS: 1,
  },
  { file: "buffer-in-upgrade.yaml", symptom: hangs, says: /the filter Buffer at .*:15 waits for the end/ },
  {
    file: "room-connections.yaml",
    room: 1,
    symptom: { kind: "room-ends", opened: 1, how: "waits", log: [] },
    says: /`max_connections: 1` at .*:30: a circuit breaker of cluster app .* lets 1 WebSockets in.* waits for a connection without any answer/,
  },
  {
    file: "room-requests.yaml",
    room: 1,
    symptom: { kind: "room-ends", opened: 1, how: { status: 503 }, log: [] },
    says: /`max_requests: 1` at .*:30: .*answered with 503 at once/,
  },
  {
    file: "no-route.yaml",
    path: "/ws",
    answers: 404,
    symptom: early(404, "route_not_found", "NR"),
    says: /no route of virtual host app at .* takes \/ws \(there are \/ws\/\); the route for \/ws\/ at .* does not take it/,
  },
  {
    file: "route-case.yaml",
    path: "/ws",
    answers: 404,
    symptom: early(404, "route_not_found", "NR"),
    says: /upper and lower case count/,
  },
  {
    file: "route-exact.yaml",
    path: "/ws/room",
    symptom: early(404, "route_not_found", "NR"),
    says: /`path` is the whole path/,
  },
  {
    file: "route-order.yaml",
    path: "/ws",
    answers: 200,
    symptom: early(200),
    says: /the route for \/ at .*:20 answers itself \(`direct_response: .*` at .*:21\)[\s\S]*before it:\n- match: \{prefix: \/ws\}/,
  },
  { file: "no-host.yaml", finds: { host: "app.example.com" }, tells: /port that they do not write/ },
  {
    file: "domain-port.yaml",
    finds: { host: "app.example.com:8443" },
    answers: 101,
    tells:
      /come by port 8443, and to write it[\s\S]*port 8080 itself sends `Host: app\.example\.com:8080`, which none of these is: Envoy answers 404/,
  },
  {
    file: "host-port.yaml",
    finds: { host: "localhost" },
    symptom: early(404, "route_not_found", "NR"),
    tells: /whoever connects to port 8000 itself sends `Host: localhost:8000`/,
  },
  {
    file: "redirect.yaml",
    answers: 301,
    symptom: { ...early(301), location: "https://a/" } as Symptom,
    says: /redirects to https:\/\/a\/ \(`redirect: \{https_redirect: true\}` at .*\), and WebSocket clients follow no redirect/,
  },
  {
    file: "require-tls.yaml",
    answers: 301,
    symptom: early(301),
    says: /`require_tls: ALL` at .*:19 redirects what comes without TLS/,
  },
  {
    file: "route-timeout.yaml",
    symptom: early(504, "response_timeout", "UT"),
    says: /`timeout: 0\.3s` at .*:21: the backend has not answered the handshake within 300ms/,
  },
  {
    file: "idle-route.yaml",
    idleS: 10,
    symptom: quiet,
    says: /`idle_timeout: 10s` at .*:21 ends a WebSocket on which nothing is said for 10s; the client learns of it 1s later/,
  },
  { file: "idle-listener.yaml", idleS: 20, symptom: quiet, says: /`stream_idle_timeout: 20s` at .*:14/ },
  {
    file: "lifetime.yaml",
    symptom: quiet,
    says: /`max_stream_duration: 60s` at .*:15 ends every WebSocket 60s after it was opened, busy or not/,
    advises: ["idle-timeout"],
  },
  {
    file: "http2-upstream.yaml",
    symptom: { kind: "http-version", version: "2" },
    says: /`http2_protocol_options: \{\}` at .*:34: cluster app at .* is asked over HTTP\/2/,
  },
  {
    file: "http2-old.yaml",
    answers: 502,
    symptom: early(502, "upstream_reset_before_response_started{protocol_error}", "UPE"),
    says: /`http2_protocol_options: \{\}` at .*:30/,
  },
  {
    file: "tls-unnamed.yaml",
    symptom: { kind: "upstream-unnamed", name: "app.internal" },
    says: /has no `sni`[\s\S]*sni: app\.internal/,
  },
  {
    file: "prefix-rewrite.yaml",
    path: "/ws/room",
    answers: 101,
    arrives: "//room",
    symptom: changed("/ws/room", "//room"),
    says: /`prefix_rewrite: \/` at .*:21 makes \/\/room of \/ws\/room; the prefix it matches ends in no slash/,
  },
  {
    file: "regex-rewrite.yaml",
    path: "/ws/room?a=1",
    answers: 101,
    arrives: "/sockets/room?a=1",
    symptom: changed("/ws/room?a=1", "/sockets/room?a=1"),
    says: /makes \/sockets\/room\?a=1 of \/ws\/room\?a=1/,
  },
  { file: "upgrade-removed.yaml", symptom: lost, says: /`request_headers_to_remove: \[upgrade\]` at .*:19/ },
  {
    file: "key-removed.yaml",
    symptom: { kind: "key-lost", log: [] },
    says: /`request_headers_to_remove: \[sec-websocket-key\]` at .*:20 takes a header of the handshake away/,
  },
  {
    file: "protocol-removed.yaml",
    symptom: { kind: "header-changed", header: "Sec-WebSocket-Protocol", way: "to-client", arrived: null },
    says: /`response_headers_to_remove: \[sec-websocket-protocol\]` at .*:16 takes Sec-WebSocket-Protocol away/,
  },
  {
    file: "origin-set.yaml",
    symptom: { kind: "header-changed", header: "Origin", way: "to-backend", arrived: "http://internal" },
    says: /`header: \{key: origin, value: "http:\/\/internal"\}` at .* changes Origin/,
  },
  {
    file: "host-rewrite.yaml",
    symptom: { kind: "header-changed", header: "Host", way: "to-backend", arrived: "app.internal" },
    says: /`host_rewrite_literal: app\.internal` at .*:21 changes Host/,
  },
  {
    file: "rbac.yaml",
    answers: 403,
    symptom: early(403, "rbac_access_denied_matched_policy[none]"),
    says: /the filter RBAC at .* lets in by its rules/,
    not: /upgrade/,
  },
  {
    file: "basic-auth.yaml",
    answers: 401,
    symptom: early(401, "no_credential_for_basic_auth"),
    says: /the filter BasicAuth at .* asks for a password/,
  },
  {
    file: "rate-limit.yaml",
    symptom: early(429, "local_rate_limited", "RL"),
    says: /the filter LocalRateLimit at .* counts the requests of all clients together/,
    advises: ["limit-req"],
  },
  {
    file: "fault.yaml",
    answers: 503,
    symptom: early(503, "fault_filter_abort", "FI"),
    says: /the filter HTTPFault at .* answers in the backend's place/,
  },
  {
    file: "connection-limit.yaml",
    room: 1,
    symptom: cut,
    says: /`max_connections: 1` at .*:12 of the filter connection_limit/,
  },
  {
    file: "no-endpoint.yaml",
    answers: 503,
    symptom: early(503, "no_healthy_upstream", "UH"),
    says: /cluster app at .* has no endpoint/,
  },
  {
    file: "refused-connection.yaml",
    symptom: early(503, "upstream_reset_before_response_started{remote_connection_failure}", "UF"),
    says: /nobody takes connections at localhost:9000 of cluster app[\s\S]*dns_lookup_family: V4_ONLY/,
  },
  {
    file: "firefox.yaml",
    advises: ["route"],
    tells:
      /`string_match: \{exact: Upgrade\}` at .* is true for `Connection: Upgrade` alone, and Firefox sends/,
  },
  {
    file: "chain-name.yaml",
    finds: { host: "app.example.com" },
    symptom: { kind: "client-unknown", forged: false },
    says: /`use_remote_address` is not set in the HttpConnectionManager/,
  },
  {
    file: "client-certificate.yaml",
    symptom: { kind: "client-tls-failed" },
    says: /`require_client_certificate: true` at .*: clients without a certificate/,
  },
  {
    file: "head-small.yaml",
    symptom: { kind: "request-head-refused", bytes: 6000 },
    says: /`max_request_headers_kb: 1` at .*:14: a head of 6000 bytes is answered with 431/,
  },
  {
    file: "retry.yaml",
    symptom: { kind: "refusal-hidden", sent: 503, arrived: null },
    says: /`retry_policy: .*` at .*:24 puts something in the place of the backend's answer/,
  },
  {
    file: "refused-field.yaml",
    refused: /refused-field\.yaml:14: .*no such field: 'stream_idle_timout'/,
    says: /has no field stream_idle_timout[\s\S]*did you mean stream_idle_timeout\?/,
    confined: /:14: what `stream_idle_timout` does in HttpConnectionManager is not known/,
  },
  {
    file: "refused-cluster.yaml",
    refused: /refused-cluster\.yaml:21: route: unknown cluster 'ap'/,
    says: /no cluster is called ap/,
  },
  { file: "refused-yaml.yaml", refused: /refused-yaml\.yaml:1\d: / },
  {
    file: "refused-duration.yaml",
    refused: /refused-duration\.yaml:14: .*duration/i,
    says: /seconds, with an s/,
  },
  {
    file: "refused-filter.yaml",
    refused: /refused-filter\.yaml:2\d: /,
    says: /has no extension|was left out when it was built/,
    confined: /what envoy\.extensions\.filters\.http\.websocket\.v3\.WebSocket does is not known/,
  },
  {
    file: "refused-v2.yaml",
    refused: /refused-v2\.yaml:2\d: .*no such field: 'config'/,
    confined: /what `config` does/,
  },
  { file: "refused-plane.yaml", refused: /refused-plane\.yaml:4: its listeners come from a control plane/ },
  {
    file: "refused-domains.yaml",
    refused: /refused-domains\.yaml:15: Only a single wildcard domain/,
    says: /two of them have one name/,
  },
  { file: "refused-value.yaml", refused: /refused-value\.yaml:5: PortValue: value must be less than/ },
];
