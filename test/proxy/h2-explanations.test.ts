/**
 * What each proxy says of WebSockets over HTTP/2 and of dead clients, by its version and by the line of a config.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { H2Symptom, Symptom } from "#wsrally/diagnosis/symptom.js";
import { drivers } from "#wsrally/proxy/drivers.js";
import { withFolder } from "../support/with-folder.js";

const haproxy = (line: string): string => `global
  ${line}
frontend web
  mode http
  bind :8080
  default_backend app
backend app
  mode http
  server one 127.0.0.1:3000
`;

const configs = {
  nginx: `events {}
worker_shutdown_timeout 10s;
http { server { listen 8080; location / { proxy_pass http://127.0.0.1:3000; } } }
`,
  haproxy: haproxy("h2-workaround-bogus-websocket-clients"),
  caddy: `http://localhost {
  reverse_proxy 127.0.0.1:3000
}
`,
  traefik: `entryPoints:
  web:
    address: ":80"
    http2:
      maxConcurrentStreams: 20
providers: {file: {filename: FOLDER/routes.yml}}
http:
  routers: {all: {rule: "PathPrefix(\`/\`)", service: app}}
  services: {app: {loadBalancer: {servers: [{url: "http://127.0.0.1:3000"}]}}}
`,
  envoy: `static_resources:
  listeners:
  - address: {socket_address: {address: 0.0.0.0, port_value: 8080}}
    filter_chains:
    - filters:
      - name: http
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: web
          http2_protocol_options:
            max_concurrent_streams: 10
          route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: app}}]}]}
  clusters: [{name: app}]
`,
  apache: `Listen 8080
H2MaxSessionStreams 50
<VirtualHost *:8080>
  H2WebSockets on
  ProxyPass / ws://127.0.0.1:3000/
</VirtualHost>
`,
};

interface Row {
  readonly kind: keyof typeof configs;
  readonly version: string | null;
  readonly symptom: H2Symptom extends infer One
    ? One extends H2Symptom
      ? Omit<One, "kind" | "version">
      : never
    : never;
  /** Of cause and cure; null where it has nothing to say. */
  readonly says: RegExp | null;
  readonly config?: string;
}

const rows: readonly Row[] = [
  {
    kind: "nginx",
    version: "1.31.3",
    symptom: { what: "unannounced" },
    says: /nginx 1\.31\.3 takes no .* 400/,
  },
  {
    kind: "nginx",
    version: null,
    symptom: { what: "cut-at-reload", afterS: 1 },
    says: /worker_shutdown_timeout 10s.*:2/,
  },
  { kind: "nginx", version: "1.31.3", symptom: { what: "refused", how: 400 }, says: null },
  {
    kind: "haproxy",
    version: "2.8.25",
    symptom: { what: "unannounced" },
    says: /bogus-websocket-clients` at .*:2/,
  },
  {
    kind: "haproxy",
    version: "2.8.25",
    symptom: { what: "refused", how: 404 },
    says: /in global:\nh2-workaround-bogus/,
  },
  { kind: "haproxy", version: "2.8.25", symptom: { what: "key-missing" }, says: null },
  {
    kind: "haproxy",
    version: "2.8.25",
    config: haproxy("tune.h2.max-concurrent-streams 10"),
    symptom: { what: "few-streams", announced: 10 },
    says: /max-concurrent-streams 10` at .*:2.*\n.*\ntune\.h2\.max-concurrent-streams 100/s,
  },
  {
    kind: "haproxy",
    version: "2.8.25",
    config: haproxy("hard-stop-after 2s"),
    symptom: { what: "cut-at-reload", afterS: 2 },
    says: /hard-stop-after 2s` at .*:2/,
  },
  {
    kind: "caddy",
    version: "2.11.7",
    symptom: { what: "unannounced" },
    says: /announces them with GODEBUG=http2xconnect=1/,
  },
  {
    kind: "caddy",
    version: "2.8.4",
    symptom: { what: "unannounced" },
    says: /Caddy 2\.8\.4 takes no WebSocket .* 2\.10 and later/,
  },
  {
    kind: "caddy",
    version: "2.8.4",
    symptom: { what: "refused", how: "PROTOCOL_ERROR" },
    says: /Caddy 2\.8\.4 passes none on\nCaddy 2\.10 or later/,
  },
  {
    kind: "caddy",
    version: "2.11.7",
    symptom: { what: "cut-at-reload", afterS: 0 },
    says: /stream_close_delay 1h/,
  },
  {
    kind: "haproxy",
    version: "2.8.25",
    symptom: { what: "slow-stream", reader: "client" },
    says: /HAProxy 2\.8\.25 .*\nHTTP\/1\.1 to the server, without `proto h2`/,
  },
  {
    kind: "haproxy",
    version: "2.8.25",
    symptom: { what: "slow-stream", reader: "backend" },
    says: /in global .*\nh2-workaround-bogus/,
  },
  {
    kind: "caddy",
    version: "2.11.7",
    symptom: { what: "slow-stream", reader: "backend" },
    says: /1 MiB unread on a connection, and as much on each stream/,
  },
  { kind: "caddy", version: "2.11.7", symptom: { what: "slow-stream", reader: "client" }, says: null },
  {
    kind: "traefik",
    version: "3.7.15",
    symptom: { what: "unannounced" },
    says: /announces none without GODEBUG/,
  },
  {
    kind: "traefik",
    version: "3.7.15",
    symptom: { what: "refused", how: 501 },
    says: /Traefik 3\.7\.15 passes none on: it answers 501/,
  },
  {
    kind: "traefik",
    version: "3.7.15",
    symptom: { what: "few-streams", announced: 20 },
    says: /maxConcurrentStreams: 20` at .*:5/,
  },
  {
    kind: "envoy",
    version: "1.40.0",
    symptom: { what: "unannounced" },
    says: /`allow_connect: true` in the http2_protocol_options of the HttpConnectionManager at .*:8/,
  },
  {
    kind: "envoy",
    version: "1.40.0",
    symptom: { what: "few-streams", announced: 10 },
    says: /max_concurrent_streams: 10` at .*:11/,
  },
  {
    kind: "envoy",
    version: "1.40.0",
    symptom: { what: "key-missing" },
    says: /Envoy 1\.40\.0 .*\nrequest_headers_to_add:/s,
  },
  { kind: "apache", version: "2.4.71", symptom: { what: "unannounced" }, says: /`H2WebSockets on` alone/ },
  {
    kind: "apache",
    version: "2.4.71",
    symptom: { what: "streams-end", announced: 100, opened: 6 },
    says: /H2WebSockets on` at .*:4.*with 6 open.*\nH2WebSockets off/s,
  },
  {
    kind: "apache",
    version: "2.4.71",
    symptom: { what: "few-streams", announced: 50 },
    says: /H2MaxSessionStreams 50` at .*:2/,
  },
];

/** Cause and cure; null where it has nothing to say. */
async function explained(
  kind: keyof typeof configs,
  symptom: Symptom,
  { version = null, config = configs[kind] }: { version?: string | null; config?: string | undefined } = {},
): Promise<string | null> {
  return withFolder(async (folder) => {
    const file = join(folder, kind === "caddy" ? "Caddyfile" : "proxy.yml");
    writeFileSync(file, config.replace("FOLDER/routes.yml", file));
    const question = { path: "/", serverName: null, confinedTo: null, found: () => undefined };
    const program = version === null ? null : { version, build: "" };
    const written = drivers[kind].configs?.read(file, { ...question, program });
    const told = written?.explain(symptom) ?? null;
    return told === null ? null : `${told.cause}\n${told.cure}`;
  });
}

describe("what a proxy says of WebSockets over HTTP/2", () => {
  for (const { kind, version, symptom, says, config } of rows)
    it(`${kind} ${version ?? ""}, ${symptom.what}`, async () => {
      const asked = { kind: "h2-websocket", version, ...symptom } as H2Symptom;
      const told = await explained(kind, asked, { version, config });
      if (says === null) assert.equal(told, null);
      else assert.match(told ?? "", says);
    });
});

describe("what a proxy says of clients that died without a word", () => {
  for (const [kind, says] of [
    ["nginx", /proxy_read_timeout.*so_keepalive=/s],
    ["haproxy", /timeout .*tcp-ut/s],
    ["caddy", /never.*tcp_retries2/s],
    ["traefik", /never.*tcp_retries2/s],
    ["envoy", /stream_idle_timeout.*socket_options/s],
    ["apache", /Timeout.*tcp_retries2/s],
  ] as const)
    it(kind, () => explained(kind, { kind: "dead-kept" }).then((told) => assert.match(told ?? "", says)));
});
