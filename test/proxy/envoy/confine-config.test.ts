import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { UserFacingError } from "#wsrally/base/errors.js";
import { adoptConfig } from "#wsrally/proxy/envoy/adopt/adopt-config.js";
import { printConfig } from "#wsrally/proxy/envoy/language/print-config.js";

const extensions = "type.googleapis.com/envoy.extensions";
const router = `{name: r, typed_config: {"@type": ${extensions}.filters.http.router.v3.Router}}`;

/** Where a line of a hostile config stands. */
interface Lines {
  readonly top?: string;
  readonly listener?: string;
  readonly manager?: string;
  readonly filter?: string;
  readonly route?: string;
  readonly cluster?: string;
}

function configWith({
  top = "",
  listener = "",
  manager = "",
  filter = "",
  route = "",
  cluster = "",
}: Lines): string {
  return `static_resources:
  listeners:
  - name: web
    address: {socket_address: {address: 0.0.0.0, port_value: 80}}
    ${listener}
    filter_chains:
    - filters:
      - name: h
        typed_config:
          "@type": ${extensions}.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: web
          upgrade_configs: [{upgrade_type: websocket}]
          ${manager}
          route_config:
            virtual_hosts:
            - name: app
              domains: ["*"]
              routes:
              - match: {prefix: /}
                route: {cluster: app}
                ${route}
          http_filters: [${filter === "" ? "" : `${filter}, `}${router}]
  clusters:
  - name: app
    type: STRICT_DNS
    ${cluster}
    load_assignment: {cluster_name: app, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: app.internal, port_value: 9000}}}}]}]}
${top}
`;
}

const lua = `{"@type": ${extensions}.filters.http.lua.v3.Lua, default_source_code: {inline_string: "os.exit()"}}`;
const basicRouter = `{"@type": ${extensions}.filters.http.router.v3.Router}`;

/** Refused, at the line that does it. */
const refused: readonly (readonly [Lines, RegExp])[] = [
  [{ manager: "no_such: 1" }, /envoy\.yaml:13: what `no_such` does in HttpConnectionManager/],
  [{ top: "no_such: 1" }, /envoy\.yaml:28: what `no_such` does in Bootstrap/],
  [{ listener: "no_such: {a: 1}" }, /:5: what `no_such` does in Listener/],
  [{ cluster: "no_such: {a: 1}" }, /:26: what `no_such` does in Cluster/],
  [{ route: "no_such: 1" }, /:21: what `no_such` does in Route/],
  [
    { filter: `{name: a, typed_config: {"@type": ${extensions}.filters.http.new.v3.New}}` },
    /what envoy\.extensions\.filters\.http\.new\.v3\.New does/,
  ],
  // Both names of one field: each is looked at, whichever of them Envoy would take.
  [{ filter: `{name: a, typedConfig: ${lua}, typed_config: ${basicRouter}}` }, /lua\.v3\.Lua does/],
  [
    {
      filter: `{name: a, typed_config: {"@type": ${extensions}.filters.http.buffer.v3.Buffer, max_request_bytes: {"@type": ${extensions}.wasm.v3.WasmService}}}`,
    },
    /WasmService does/,
  ],
  [{ manager: 'server_name: "%ENVIRONMENT(HOME)%"' }, /:13: what `%ENVIRONMENT%` tells/],
  [
    { route: 'response_headers_to_add: [{header: {key: a, value: "%FILE_CONTENT(/etc/passwd)%"}}]' },
    /:21: what `%FILE_CONTENT%` tells/,
  ],
  [
    { route: 'response_headers_to_add: [{header: {key: a, value: "%HOSTNAME%"}}]' },
    /what `%HOSTNAME%` tells/,
  ],
  [
    { route: "direct_response: {status: 200, body: {filename: /etc/passwd}}" },
    /:21: filename: \/etc\/passwd lies outside of/,
  ],
  [{ route: "direct_response: {status: 200, body: {filename: ../secret.txt}}" }, /lies outside of/],
  [{ route: "direct_response: {status: 200, body: {filename: link.txt}}" }, /lies outside of/],
  [
    { route: "direct_response: {status: 200, body: {filename: missing.txt}}" },
    /the file missing\.txt cannot be read/,
  ],
  [
    { route: "direct_response: {status: 200, body: {environment_variable: HOME}}" },
    /what `environment_variable` does/,
  ],
  [{ route: "name: '@wsrally-backend-0@'" }, /a name that is wsrally's own/],
  [
    { top: "dynamic_resources: {cds_config: {path: ../secret.txt}}" },
    /clusters \.\.\/secret\.txt lies outside of/,
  ],
  [
    { cluster: "type: EDS\n    eds_cluster_config: {eds_config: {path_config_source: {path: /etc/passwd}}}" },
    /lies outside of/,
  ],
  [{ top: `x: [${"0,".repeat(60_000)}0]` }, /more than 50000 values/],
];

/** Taken, and nothing of it is left in what runs. */
const taken: readonly (readonly [Lines, RegExp])[] = [
  [{ top: "admin: {address: {pipe: {path: /run/a.sock}}}" }, /a\.sock|admin/],
  [
    { top: "node: {id: a, metadata: {b: /etc/x}}\nstats_config: {use_all_default_tags: true}" },
    /\/etc\/x|stats_config/,
  ],
  [
    {
      top: "layered_runtime: {layers: [{name: s, static_layer: {envoy.reloadable_features.no_extension_lookup_by_name: false}}]}",
    },
    /layer|lookup/,
  ],
  [{ filter: `{name: lua, typed_config: ${lua}}` }, /lua|os\.exit/i],
  [{ filter: `{name: d, config_discovery: {config_source: {ads: {}}, type_urls: [a]}}` }, /discovery/],
  [
    {
      manager: `access_log: [{name: a, typed_config: {"@type": ${extensions}.access_loggers.file.v3.FileAccessLog, path: /var/log/x}}]`,
    },
    /var\/log/,
  ],
  [
    {
      manager:
        "tracing: {provider: {name: z}}\n          access_log_options: {flush_access_log_on_new_request: true}",
    },
    /tracing|access_log_options/,
  ],
  [{ route: "metadata: {filter_metadata: {a: {b: /etc/x}}}" }, /\/etc\/x/],
  [
    {
      route: `typed_per_filter_config: {l: {"@type": ${extensions}.filters.http.lua.v3.LuaPerRoute, source_code: {filename: /etc/x}}}`,
    },
    /Lua|\/etc\/x/,
  ],
  [
    {
      listener:
        "additional_addresses: [{address: {socket_address: {address: 10.0.0.1, port_value: 1}}}]\n    socket_options: [{int_value: 1, name: 1, level: 1}]",
    },
    /10\.0\.0\.1|socket_options/,
  ],
  [
    {
      cluster:
        "health_checks: [{timeout: 1s, event_log_path: /var/x}]\n    dns_resolvers: [{socket_address: {address: 10.0.0.53, port_value: 53}}]",
    },
    /health|10\.0\.0\.53|var\/x/,
  ],
  [
    {
      cluster: `transport_socket: {name: t, typed_config: {"@type": ${extensions}.transport_sockets.tls.v3.UpstreamTlsContext, common_tls_context: {validation_context: {trusted_ca: {filename: /etc/x}}}}}`,
    },
    /\/etc\/x|transport_socket/,
  ],
];

describe("a stranger's Envoy config", () => {
  const folder = mkdtempSync(join(tmpdir(), "wsrally-test-"));
  const repository = join(folder, "repository");
  const file = join(repository, "envoy.yaml");
  before(() => {
    mkdirSync(repository);
    writeFileSync(join(folder, "secret.txt"), "resources: []\n");
    symlinkSync("../secret.txt", join(repository, "link.txt"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const adopt = (lines: Lines): ReturnType<typeof adoptConfig> => {
    writeFileSync(file, configWith(lines));
    return adoptConfig(file, {
      source: { kind: "file", file },
      backend: { host: "127.0.0.1", port: 1 },
      connections: 1,
      path: null,
      serverName: null,
      host: null,
      access: "opened",
      upstream: "ours",
      confinedTo: [{ path: repository, tracked: null }],
      variant: null,
      isPlaced: false,
    });
  };

  for (const [lines, words] of refused)
    it(`is refused for ${JSON.stringify(lines).slice(0, 120)}`, async () => {
      await assert.rejects(
        adopt(lines).then(({ tree }) => assert.fail(`it was taken: ${printConfig(tree)}`)),
        (thrown) => thrown instanceof UserFacingError && words.test(thrown.message),
      );
    });
  it("keeps the options of a listener's TCP that the clients' time hangs on", async () => {
    const user = "{level: 6, name: 18, int_value: 30000}";
    const { tree } = await adopt({
      listener: `socket_options: [${user}, {level: 1, name: 25, int_value: 1}]`,
    });
    const printed = printConfig(tree);
    assert.match(printed, /30000/);
    assert.doesNotMatch(printed, /"name": 25/);
  });

  for (const [lines, gone] of taken)
    it(`runs without ${JSON.stringify(lines).slice(0, 120)}`, async () => {
      const { tree } = await adopt(lines);
      assert.doesNotMatch(printConfig(tree), gone);
    });
});
