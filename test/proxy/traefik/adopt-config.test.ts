import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import type { ConfigRequest } from "#wsrally/proxy/driver.js";
import { adoptConfig } from "#wsrally/proxy/traefik/adopt/adopt-config.js";
import { namedFiles } from "#wsrally/proxy/traefik/adopt/named-files.js";
import type { RunnableConfig } from "#wsrally/proxy/traefik/adopt/runnable-config.js";
import { maskConfigText } from "#wsrally/proxy/traefik/language/mask-config.js";
import { withFolder } from "../../support/with-folder.js";

const asked = {
  backend: { host: "127.0.0.1", port: 9 },
  connections: 100,
  ...{ path: null, serverName: null, host: null, confinedTo: null, variant: null },
  access: "opened",
  upstream: "ours",
  isPlaced: false,
} as const;

type Files = Readonly<Record<string, string>>;

function lay(folder: string, files: Files): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return join(folder, Object.keys(files)[0] as string);
}

/** The first file is the one that is named. */
async function adopted(
  files: Files,
  request: Partial<ConfigRequest> = {},
): Promise<RunnableConfig & { told: string }> {
  return withFolder(async (folder) => {
    const file = lay(folder, files);
    const source = { kind: "file", file } as const;
    const runnable = await adoptConfig(file, { ...asked, source, ...request });
    return { ...runnable, told: runnable.changes.join("\n").replaceAll(`${folder}/`, "") };
  });
}

const install = `entryPoints:
  web: {address: ":80", http: {redirections: {entryPoint: {to: websecure}}}}
  websecure:
    address: ":443"
    proxyProtocol: {trustedIPs: [10.0.0.1]}
    http3: {}
    http: {tls: {certResolver: le}, middlewares: [auth@file]}
  quic: {address: ":4433/udp"}
providers:
  docker: {}
  file: {directory: /etc/traefik/dynamic}
certificatesResolvers: {le: {acme: {email: a@b.test, storage: acme.json}}}
log: {level: INFO, filePath: /var/log/traefik.log}
accessLog: {}
metrics: {prometheus: {}}
api: {insecure: true}
experimental: {plugins: {a: {moduleName: b, version: v1}}}
`;
const routes = `http:
  routers:
    ws:
      rule: Host(\`a.test\`) && PathPrefix(\`/ws\`)
      service: ws
      middlewares: [auth, strip]
      tls: {certResolver: le}
  middlewares:
    auth: {basicAuth: {usersFile: users}}
    strip: {stripPrefix: {prefixes: [/ws]}}
`;
const more = `[http.services.ws.loadBalancer]
  [[http.services.ws.loadBalancer.servers]]
    url = "https://app.internal/base"
  [http.services.ws.loadBalancer.healthCheck]
    path = "/"
[[tls.certificates]]
  certFile = "a.crt"
  keyFile = "a.key"
`;
const files = {
  "traefik.yml": install,
  "dynamic/routes.yml": routes,
  "dynamic/more.toml": more,
  users: "a:b",
};

describe("a Traefik config of a user's", () => {
  it("is adopted with all that its file provider names, each change with its place", async () => {
    const { config, told, upstreams, webSocket, tls, listenCount, ready } = await adopted(files);
    assert.deepEqual(webSocket, { serverName: "a.test", path: "/ws" });
    assert.deepEqual([tls, listenCount, ready.listen], [true, 3, 2]);
    assert.deepEqual(
      upstreams.map(({ address }) => address),
      ["app.internal:443"],
    );
    for (const change of [
      "The entry point websecure at :443 is a free port of 127.0.0.1 instead (traefik.yml:4)",
      "`proxyProtocol` was left out: the generator connects as clients do, without a PROXY line (traefik.yml:5)",
      "`providers.docker` was left out: routes come from files alone (traefik.yml:10)",
      "The routes of /etc/traefik/dynamic are one file in the private folder (2 files of dynamic) (traefik.yml:11)",
      "The entry point quic was left out: no WebSocket goes over UDP here (traefik.yml:8)",
      "The middleware auth (basicAuth) was left out: the generator is not whom it lets in (dynamic/routes.yml:9)",
      "`https://app.internal/base` of the service ws is wsrally's backend instead (dynamic/more.toml:3)",
      "The server is asked without TLS: wsrally's backend speaks none here (dynamic/more.toml:3)",
      "`healthCheck` was left out: wsrally's backend is there, and is not asked (dynamic/more.toml:4)",
      "The certificate is the run's own instead (dynamic/more.toml:6)",
      "`certResolver` was left out: the certificate is the run's own (traefik.yml:7, dynamic/routes.yml:7)",
      "`plugins` was left out: no code of a config runs (traefik.yml:17)",
    ])
      assert.ok(told.includes(change), `${change}\n\n${told}`);
    assert.match(config.static, /address: "@wsrally-listen-0@"/);
    assert.doesNotMatch(
      `${config.static}${config.routes}`,
      /docker|acme|plugins|auth|app\.internal|prometheus|insecure/,
    );
    assert.match(config.routes, /url: http:\/\/@wsrally-backend-0@\n/);
    assert.match(config.routes, /stripPrefix/);
  });

  it("asks its servers over TLS where the backend speaks it, by the name that it had", async () => {
    const overTls = { port: 10, caPem: "ca" };
    const { config, files: own } = await adopted(files, { backend: { ...asked.backend, overTls } });
    assert.match(config.routes, /url: https:\/\/@wsrally-backend-tls@\/base/);
    assert.match(config.routes, /serverName: app\.internal/);
    assert.equal(own.get("backend-ca.pem"), "ca");
  });

  it("keeps passwords where a probe looks for them, as a copy of their file", async () => {
    const { config, files: own } = await adopted(files, { access: "kept" });
    assert.match(config.routes, /usersFile: kept-0/);
    assert.equal(String(own.get("kept-0")), "a:b");
  });

  it("is one of several files for a diff, and for a gate", async () => {
    await withFolder(async (folder) => {
      const named = await namedFiles(lay(folder, files), { folders: [{ path: folder, tracked: null }] });
      assert.deepEqual([...named.configs.keys()].sort(), [
        "dynamic/more.toml",
        "dynamic/routes.yml",
        "traefik.yml",
      ]);
      assert.deepEqual([...named.others.keys()], ["users"]);
    });
  });

  it("is read from the folders of a gate alone", async () => {
    const outside = {
      "traefik.yml": "entryPoints: {web: {address: ':80'}}\nproviders: {file: {directory: /proc/self}}\n",
    };
    await assert.rejects(
      withFolder((folder) => adopted(outside, { confinedTo: [{ path: folder, tracked: null }] })),
      /providers\.file\.directory \/proc\/self lies outside of|the config lies outside of/,
    );
  });

  it("has no routes where they stand in the file that Traefik is started with, and it is said why", async () => {
    const { obstacle } = await adopted({ "traefik.yml": `entryPoints: {web: {address: ":80"}}\n${routes}` });
    assert.match(
      obstacle?.message ?? "",
      /does not look at `http` in the file that it is started with \(.*traefik\.yml:2\)/,
    );
  });

  it("is shown without its secrets", () => {
    const text = `users: ["a:$apr1$x$yyyyyyyyyyyyyyyyyyyyyy"]
  - 'b:realm:0123456789abcdef0123456789abcdef'
Authorization = "Bearer abcdefgh12345"
url: http://a.test
keyFile: |
  -----BEGIN PRIVATE KEY-----
  MIIsecret
  -----END PRIVATE KEY-----
rule: Host(\`a.test\`)`;
    const masked = maskConfigText(text);
    assert.doesNotMatch(masked, /yyyyy|0123|abcdefgh|MIIsecret/);
    assert.equal(masked.split("\n").length, text.split("\n").length);
    for (const kept of ["a:***", "b:***", "Bearer ***", "url: http://a.test", "Host(`a.test`)"])
      assert.ok(masked.includes(kept), masked);
  });
});
