import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { EnvironmentError, UsageError } from "#wsrally/base/errors.js";
import { ConfigRefusedError } from "#wsrally/proxy/config-refused-error.js";
import { prepareProxy } from "#wsrally/proxy/prepare-proxy.js";
import { type KeyKind, makeRunCertificate } from "#wsrally/proxy/run-certificate.js";
import { echoes, never, withBench } from "../support/proxy-bench.js";

const runnable: {
  fixture: string;
  path?: string;
  tls: boolean;
  has: RegExp[];
  hasNot: RegExp[];
  changes: RegExp[];
}[] = [
  {
    fixture: "site/site.conf",
    tls: false,
    has: [/worker_connections 512;/, /location \/sock/],
    hasNot: [/listen 80;/, /:3000/],
    changes: [
      /^The file is a part of a config/,
      /`listen 80` is a free port .*site\.conf:2\)$/,
      /proxy_pass http:\/\/127.0.0.1:3000 is wsrally's backend instead .*site\.conf:5\)$/,
    ],
  },
  {
    fixture: "stock/nginx.conf",
    tls: true,
    has: [
      /worker_connections 768;/,
      /listen 127\.0\.0\.1:\d+ ssl http2 reuseport;\n\s+server_name chat\.example\.com;/,
      /user "a;b\{c\}";/,
      /server 127\.0\.0\.1:\d+ weight=2;/,
      /keepalive 16;/,
      /access_log access\.log timed buffer=32k;/,
      /error_log error\.log warn;/,
      /proxy_pass http:\/\/app;/,
      /proxy_pass http:\/\/127\.0\.0\.1:\d+\/base\/;/,
    ],
    hasNot: [/www-data/, /\/var\//, /\/run\//, /\/etc\//, /internal/, /proxy_ssl/, /mime\.types/],
    changes: [
      /^user is the run's own .*nginx\.conf:2\)$/,
      /^The certificate \/etc\/letsencrypt\/live\/chat\.example\.com\/fullchain\.pem was replaced .*app\.conf:18\)$/,
      /^Upstream server app1\.internal:8080 is wsrally's backend instead .*app\.conf:3\)$/,
      /over TCP in place of a Unix socket .*app\.conf:45\)$/,
      /^ssl_dhparam was left out.*app\.conf:20\)$/,
      /^The include of mime\.types was left out.*nginx\.conf:15\)$/,
    ],
  },
  {
    fixture: "servers/several.conf",
    path: "/sock",
    tls: false,
    has: [
      /listen 127\.0\.0\.1:\d+ so_keepalive=on;\n\s+server_name c;/,
      /proxy_pass http:\/\/127\.0\.0\.1:\d+\$request_uri;/,
    ],
    hasNot: [/c\.sock/],
    changes: [
      /^Of the server's listens, .listen 8080 so_keepalive=on. is the one that is measured .*several\.conf:16\)$/,
    ],
  },
  {
    fixture: "hops/three-servers.conf",
    tls: true,
    has: [
      /server_name front\.example\.com;[^}]*proxy_pass http:\/\/127\.0\.0\.1:\d+;/,
      /server 127\.0\.0\.1:\d+ max_fails=0;/,
    ],
    hasNot: [/:8081/, /:8082/, /:3000/, /unix:/, /auth_basic/],
    changes: [
      /^\/sock of front\.example\.com is measured/,
      /^proxy_pass http:\/\/localhost:8081 stays: the config's own server at .*:13 listens there .*:42\)$/,
      /^Upstream server 127\.0\.0\.1:8082 stays: .*:28 listens there .*:11\)$/,
      /^proxy_pass http:\/\/unix:\/run\/app\/inner\.sock stays: .*:17 listens there .*:34\)$/,
      /^proxy_pass http:\/\/127\.0\.0\.1:3000 is wsrally's backend instead .*:25\)$/,
    ],
  },
  {
    fixture: "servers/no-listen.conf",
    tls: false,
    has: [
      /daemon off;/,
      /worker_processes 2;/,
      /listen 127\.0\.0\.1:\d+;/,
      /proxy_pass http:\/\/127\.0\.0\.1:\d+\/base\/;/,
    ],
    hasNot: [/daemon on;/, /app\.sock/],
    changes: [/^The server listens on a free port of 127\.0\.0\.1 in place of nginx's default/],
  },
];

const refused: { fixture: string; words: RegExp }[] = [
  {
    fixture: "unknown-directive",
    words: /unknown directive "proxy_bufering" in .*refusals\/unknown-directive\.conf:10$/,
  },
  { fixture: "wrong-value", words: /invalid value "perhaps" .* in .*refusals\/more\.conf:3$/ },
  { fixture: "unclosed", words: /unexpected end of file, expecting "}" in .*unclosed\.conf:6$/ },
  {
    fixture: "missing-include",
    words: /open\(\) ".*gone\/upgrade\.conf" failed \(2: No such file.* in .*missing-include\.conf:3$/,
  },
  { fixture: "no-events", words: /no "events" section in configuration/ },
  { fixture: "circle", words: /nested more than 20 deep in .*circle\.conf:1$/ },
  {
    fixture: "upstream-in-server",
    words: /"upstream" directive is not allowed here in .*upstream-in-server\.conf:5$/,
  },
  { fixture: "location-outside", words: /"location" directive is not allowed here in .*:3$/ },
  { fixture: "websocket-scheme", words: /invalid URL prefix in .*websocket-scheme\.conf:5$/ },
  {
    fixture: "uri-in-pattern",
    words: /"proxy_pass" cannot have URI part in location given by regular expression.*:6$/,
  },
  { fixture: "unknown-variable", words: /unknown "connection_upgrade" variable in .*:7$/ },
  {
    fixture: "part",
    words:
      /unknown "connection_upgrade" variable in .*part\.conf:6 \(the file is a part of a config: give the nginx/,
  },
  { fixture: "missing-semicolon", words: /invalid number of arguments in "proxy_pass" directive in .*:6$/ },
  { fixture: "doubled-location", words: /duplicate location "\/ws" in .*doubled-location\.conf:6$/ },
  { fixture: "doubled-default", words: /a duplicate default server for 0\.0\.0\.0:80 in .*:5$/ },
  { fixture: "doubled-pid", words: /"pid" directive is duplicate in .*doubled-pid\.conf:2$/ },
  { fixture: "wrong-port", words: /invalid port in upstream "app:70000" in .*wrong-port\.conf:5$/ },
  { fixture: "listen-port", words: /invalid port in "80808" of the "listen" directive in .*:4$/ },
  { fixture: "upstream-port", words: /upstream "app" may not have port 8080 in .*upstream-port\.conf:4$/ },
  { fixture: "mute-log", words: /invalid number of arguments in "access_log" directive in .*:5$/ },
  { fixture: "no-certificate", words: /cannot load certificate ".*no-certificate\.conf".* in .*:6$/ },
  {
    fixture: "foreign-module",
    words: /unknown directive "push_stream_subscriber" in .*:8 \(modules that the config loads are left out/,
  },
];

const unsupported: { fixture: string; message: RegExp }[] = [
  { fixture: "variable", message: /variable\.conf:6: which address and path `proxy_pass \$arg_to`/ },
  { fixture: "lua", message: /lua\.conf:6: content_by_lua_block decides on the measured requests/ },
  { fixture: "set-by-lua", message: /set-by-lua\.conf:6: set_by_lua_block decides/ },
  { fixture: "engine-key", message: /engine-key\.conf:3: ssl_certificate_key engine:pkcs11/ },
  { fixture: "js-set", message: /js-set\.conf:3: js_set decides/ },
  { fixture: "quic-only", message: /quic-only\.conf:3: it listens for QUIC only/ },
  {
    fixture: "look-ahead",
    message: /a path that leads to `location ~ .*` \(.*look-ahead\.conf:5\): give one with --path$/,
  },
  { fixture: "no-proxy-pass", message: /no server in it proxies \(want a proxy_pass\)/ },
];

describe("adoptNginxConfig()", () => {
  for (const { fixture, path: asked = null, tls, has, hasNot, changes } of runnable) {
    it(`runs ${fixture} on loopback and lists what it changed`, async () => {
      await withBench(async ({ nginx }) => {
        const proxy = await nginx({}, fixture, { path: asked });
        for (const pattern of has) assert.match(proxy.configText ?? "", pattern);
        for (const pattern of hasNot) assert.doesNotMatch(proxy.configText ?? "", pattern);
        for (const pattern of changes) {
          assert.ok(
            proxy.changes.some((change) => pattern.test(change)),
            `${pattern} in ${proxy.changes.join("\n")}`,
          );
        }
        const running = await proxy.start(never);
        assert.equal(running.endpoint.tls, tls);
        const { path, serverName } = proxy.webSocket ?? {};
        assert.deepEqual(await echoes(running.endpoint, ["ping"], path ?? "/", serverName), ["ping"]);
        await running.stop();
      });
    });
  }

  for (const { fixture, words } of refused) {
    it(`hands on nginx's refusal of ${fixture} with the user's own file and line`, async () => {
      await withBench(async ({ nginx }) => {
        await assert.rejects(nginx({}, `refusals/${fixture}.conf`), (thrown) => {
          assert.ok(thrown instanceof ConfigRefusedError && thrown instanceof EnvironmentError);
          assert.match(thrown.message, words);
          return true;
        });
      });
    });
  }

  for (const { fixture, message } of unsupported) {
    it(`says that ${fixture} cannot be adopted, and where`, async () => {
      await withBench(async ({ nginx }) => {
        await assert.rejects(nginx({}, `unsupported/${fixture}.conf`), (thrown) => {
          assert.ok(thrown instanceof UsageError);
          assert.match(thrown.message, message);
          return true;
        });
      });
    });
  }

  for (const [file, message] of [
    ["none.conf", /there is no such file/],
    ["stock", /it is a folder/],
  ] as const) {
    it(`says that ${file} cannot be read`, async () => {
      await withBench(async ({ nginx }) => {
        await assert.rejects(
          nginx({}, file),
          (thrown) => thrown instanceof UsageError && message.test(thrown.message),
        );
      });
    });
  }

  it("reads nothing into the digest but the config", async () => {
    await withBench(async ({ nginx }) => {
      const [first, second] = [await nginx({}, "stock/nginx.conf"), await nginx({}, "stock/nginx.conf")];
      assert.notEqual(first.configText, second.configText);
      assert.equal(first.configSha256, second.configSha256);
      assert.notEqual(first.configSha256, (await nginx({}, "site/site.conf")).configSha256);
    });
  });
});

const tlsSite = `events {}
http {
    server {
        listen 443 ssl;
        ssl_certificate cert.pem;
        ssl_certificate_key key.pem;
        location / {
            proxy_pass http://127.0.0.1:3000;
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection upgrade;
        }
    }
}
`;

async function siteWithCertificate(folder: string, certificatePem: string, keyPem: string): Promise<string> {
  const site = await mkdtemp(join(folder, "site-"));
  await writeFile(join(site, "cert.pem"), certificatePem);
  await writeFile(join(site, "key.pem"), keyPem);
  await writeFile(join(site, "nginx.conf"), tlsSite);
  return join(site, "nginx.conf");
}

describe("adoptCertificates()", () => {
  const kinds: KeyKind[] = [
    { kind: "rsa", bits: 3072 },
    { kind: "ec", curve: "P-384" },
  ];
  for (const kind of kinds) {
    it(`replaces a certificate whose key cannot be used by one with the same kind of key, ${JSON.stringify(kind)}`, async () => {
      await withBench(async ({ setting }) => {
        const { certificatePem } = await makeRunCertificate(kind);
        const configFile = await siteWithCertificate(setting.folder, certificatePem, "no key");
        const proxy = await prepareProxy(
          { kind: "proxy", proxy: "nginx", configFile, confinedTo: null },
          {},
          setting,
          never,
        );
        assert.ok(proxy.changes.some((change) => /^The certificate cert\.pem was replaced/.test(change)));
        const running = await proxy.start(never);
        assert.deepEqual(await echoes(running.endpoint, ["ping"]), ["ping"]);
        await running.stop();
        const { publicKey } = new X509Certificate(running.endpoint.caPem ?? "");
        assert.equal(publicKey.asymmetricKeyType, kind.kind);
        assert.equal(
          publicKey.asymmetricKeyDetails?.modulusLength,
          kind.kind === "rsa" ? kind.bits : undefined,
        );
      });
    });
  }

  it("keeps a certificate that is good for the loopback address", async () => {
    await withBench(async ({ setting }) => {
      const { caPem, certificatePem, keyPem } = await makeRunCertificate({ kind: "ec", curve: "P-256" });
      assert.equal(createPrivateKey(keyPem).type, "private");
      const configFile = await siteWithCertificate(setting.folder, certificatePem, keyPem);
      await chmod(configFile, 0o400);
      const proxy = await prepareProxy(
        { kind: "proxy", proxy: "nginx", configFile, confinedTo: null },
        {},
        setting,
        never,
      );
      const running = await proxy.start(never);
      assert.equal(running.endpoint.caPem, null);
      assert.deepEqual(await echoes({ ...running.endpoint, caPem }, ["ping"]), ["ping"]);
      await running.stop();
    });
  });

  it("replaces a certificate that only the user could verify under the server's name", async () => {
    await withBench(async ({ setting }) => {
      const names = ["site.example.com"];
      const { certificatePem, keyPem } = await makeRunCertificate({ kind: "ec", curve: "P-256" }, names);
      const configFile = await siteWithCertificate(setting.folder, certificatePem, keyPem);
      const named = tlsSite.replace("listen", "server_name site.example.com; listen");
      await writeFile(configFile, named);
      const proxy = await prepareProxy(
        { kind: "proxy", proxy: "nginx", configFile, confinedTo: null },
        {},
        setting,
        never,
      );
      assert.ok(proxy.changes.some((change) => /^The certificate cert\.pem was replaced/.test(change)));
      const running = await proxy.start(never);
      assert.deepEqual(await echoes(running.endpoint, ["ping"], "/sock", "site.example.com"), ["ping"]);
      await running.stop();
      await writeFile(
        join(configFile, "..", "key.pem"),
        (await makeRunCertificate({ kind: "ec", curve: "P-256" })).keyPem,
      );
      await assert.rejects(
        prepareProxy({ kind: "proxy", proxy: "nginx", configFile, confinedTo: null }, {}, setting, never),
        {
          message: /key values mismatch/,
        },
      );
    });
  });

  it("leaves a certificate that is missing beside its key to the run's own", async () => {
    await withBench(async ({ setting }) => {
      const configFile = join(setting.folder, "missing.conf");
      await writeFile(configFile, tlsSite);
      const running = await (
        await prepareProxy(
          { kind: "proxy", proxy: "nginx", configFile, confinedTo: null },
          {},
          setting,
          never,
        )
      ).start(never);
      assert.deepEqual(await echoes(running.endpoint, ["ping"]), ["ping"]);
      await running.stop();
    });
  });
});
