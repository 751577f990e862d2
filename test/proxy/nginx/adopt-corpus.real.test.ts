/**
 * Configs as users have them, each adopted and started on the real nginx, with a WebSocket through it.
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { UsageError } from "#wsrally/base/errors.js";
import { findNginx } from "#wsrally/proxy/nginx/run/find-nginx.js";
import { echoes, fixturePath, never, withBench } from "../support/proxy-bench.js";

interface Row {
  readonly fixture: string;
  /** What the config itself says of its WebSocket. */
  readonly serverName?: string;
  readonly path: string;
  readonly tls?: true;
  readonly upstreams: readonly string[];
  /** Sentences that must be among the changes. */
  readonly changes?: readonly RegExp[];
  /** What must stand in the config that runs. */
  readonly has?: readonly RegExp[];
}

const corpus: readonly Row[] = [
  {
    fixture: "auth.conf",
    serverName: "intra.example.com",
    path: "/ws/",
    upstreams: ["127.0.0.1:8080"],
    changes: [
      /^auth_basic was left out: wsrally has no password to give .*auth\.conf:7\)$/,
      /^auth_request was left out: the service that it asks is not here .*:11\)$/,
      /^deny was left out: wsrally connects from 127\.0\.0\.1 .*:5\)$/,
    ],
  },
  {
    fixture: "certbot.conf",
    serverName: "example.com",
    path: "/sock",
    tls: true,
    upstreams: ["localhost:3000"],
    changes: [
      /^The include of options-ssl-nginx\.conf was left out.*:15\)$/,
      /^The certificate \/etc\/letsencrypt\/live\/example\.com\/fullchain\.pem was replaced .*:13\)$/,
      /^ssl_dhparam was left out: \/etc\/letsencrypt\/ssl-dhparams\.pem cannot be read .*:16\)$/,
      /^ssl_trusted_certificate \/etc\/letsencrypt\/live\/example\.com\/chain\.pem cannot be read.*:17\)$/,
      /^ssl_stapling was left out: wsrally lets nginx ask nobody outside .*:18\)$/,
      /`listen 443 ssl` is the one that is measured .*:12\)$/,
    ],
  },
  {
    fixture: "certificate-variable.conf",
    serverName: "tls.example.com",
    path: "/sock",
    tls: true,
    upstreams: ["127.0.0.1:3443"],
    changes: [
      /^The certificate \/etc\/ssl\/\$name\.crt was replaced .*:7\)$/,
      /^proxy_pass speaks http in place of https.*:12\)$/,
      /^Directives for TLS to the upstream were left out.*:13, .*:15\)$/,
    ],
  },
  {
    fixture: "client-certificate.conf",
    serverName: "mtls.example.com",
    path: "/sock",
    tls: true,
    upstreams: ["127.0.0.1:3000"],
    changes: [
      /^ssl_verify_client was left out: wsrally has no client certificate to give.*:10\)$/,
      /^ssl_crl was left out.*:9\)$/,
    ],
  },
  {
    fixture: "code.conf",
    serverName: "code.example.com",
    path: "/rt",
    upstreams: ["127.0.0.1:3000"],
    changes: [
      /^ssl_engine \/usr\/lib\/engines\/mine\.so was left out: wsrally runs no code of a config .*:2\)$/,
      /^js_content was left out: .*:14\)$/,
      /^js_header_filter was left out: .*:22\)$/,
      /^set_by_lua_block was left out: \$greeting is empty.*:17\)$/,
      /^proxy_pass \$arg_to is wsrally's backend instead, whatever the request says .*:20\)$/,
    ],
    has: [/set \$greeting "";/],
  },
  { fixture: "crlf.conf", path: "/signalr/hub", upstreams: ["localhost:5000"] },
  {
    fixture: "docker/nginx.conf",
    serverName: "localhost",
    path: "/websocket/",
    upstreams: ["backend:8080"],
    changes: [/^\/etc\/nginx\/conf\.d\/\*\.conf was read from beside the config.*nginx\.conf:13\)$/],
    has: [/access_log access\.log main;/, /proxy_pass http:\/\/127\.0\.0\.1:\d+\/;/],
  },
  { fixture: "error-page-418.conf", path: "/sock", upstreams: ["127.0.0.1:3000"] },
  {
    fixture: "globs/nginx.conf",
    serverName: "chat.example.net",
    path: "/chat/",
    upstreams: ["10.0.0.9:81"],
    has: [/proxy_set_header Connection \$connection_upgrade;/],
  },
  {
    fixture: "grpc-mix.conf",
    serverName: "mix.example.com",
    path: "/ws",
    tls: true,
    upstreams: ["10.1.1.1:8000"],
    changes: [/^grpc_pass grpcs:\/\/other\.internal:443 has wsrally's backend for an address.*:10\)$/],
    has: [/grpc_pass grpc:\/\/grpc_backend;/, /ssl http2;/],
  },
  {
    fixture: "h5bp/nginx.conf",
    serverName: "www.example.com",
    path: "/live",
    tls: true,
    upstreams: ["127.0.0.1:4000"],
    has: [/ssl_session_cache shared:SSL:10m;/, /deny all;/],
  },
  {
    fixture: "home-assistant.conf",
    serverName: "ha.example.com",
    path: "/api/websocket",
    tls: true,
    upstreams: ["127.0.0.1:8123"],
  },
  {
    fixture: "http2-on.conf",
    serverName: "h2.example.com",
    path: "/sock",
    tls: true,
    upstreams: ["127.0.0.1:3000"],
    has: [/http2 on;/],
  },
  {
    fixture: "if-upgrade.conf",
    serverName: "if.example.com",
    path: "/mixed",
    upstreams: ["10.0.0.1:8081", "10.0.0.1:8080"],
  },
  {
    fixture: "ingress.conf",
    serverName: "chat.example.com",
    path: "/chat/",
    tls: true,
    upstreams: ["0.0.0.1"],
    changes: [
      /^init_by_lua_block was left out: wsrally runs no code of a config .*:13\)$/,
      /^rewrite_by_lua_block was left out.*:57\)$/,
      /^load_module .*brotli_filter_module\.so was left out: wsrally runs no code of a config .*:4\)$/,
      /^stream was left out: no WebSocket goes through it .*:71\)$/,
      /^geoip2 was left out: this nginx has no GeoIP2 module .*:21\)$/,
      /^resolver is 127\.0\.0\.1 and never asked/,
    ],
    has: [/map "" \$geoip2_city_country_code/, /keepalive 320;/, /worker_connections 16384;/],
  },
  {
    fixture: "inheritance.conf",
    serverName: "two.example.com",
    path: "/feed",
    upstreams: ["127.0.0.1:2"],
  },
  {
    fixture: "ipv6.conf",
    serverName: "v6.example.com",
    path: "/sock",
    upstreams: ["[2001:db8::1]:3000"],
    changes: [/^The listen parameter ipv6only=off was left out/, /^proxy_bind 192\.0\.2\.1 was left out/],
  },
  {
    fixture: "logs.conf",
    path: "/sock",
    upstreams: ["127.0.0.1:3000"],
    changes: [/^Logs are written into the run's private folder .*:1, .*:15\)$/],
    has: [
      /error_log error\.log crit;/,
      /access_log access\.log short;/,
      /access_log access-2\.log short if=\$status;/,
      /access_log access-4\.log short gzip=5 flush=10s;/,
      /access_log off;/,
    ],
  },
  {
    fixture: "map-upstreams.conf",
    serverName: "shop.example.com",
    path: "/ws",
    upstreams: ["10.0.0.1:8080", "10.0.0.2:8080", "10.0.1.1:8080"],
    has: [/proxy_pass http:\/\/\$pool;/],
  },
  {
    fixture: "modules-missing.conf",
    path: "/ws",
    upstreams: ["127.0.0.1:3000"],
    changes: [
      /^brotli was left out: this nginx has no Brotli module .*:7\)$/,
      /^vhost_traffic_status_zone was left out: this nginx has no vhost traffic status module .*:5\)$/,
      /^\$brotli_ratio is empty: this nginx has no Brotli module$/,
    ],
    has: [/allow 127\.0\.0\.1;/],
  },
  {
    fixture: "named-location.conf",
    serverName: "named.example.com",
    path: "/sock",
    upstreams: ["127.0.0.1:3000"],
  },
  {
    fixture: "proxy-bind.conf",
    path: "/many/",
    upstreams: ["10.0.0.1:1"],
    changes: [/^proxy_bind \$remote_addr was left out/],
    has: [/proxy_bind \$source;/],
  },
  {
    fixture: "proxy-protocol.conf",
    serverName: "lb.example.com",
    path: "/sock",
    tls: true,
    upstreams: ["10.0.0.5:80"],
    changes: [/^The listen parameter proxy_protocol was left out .*:6, .*:7\)$/],
  },
  {
    fixture: "quic.conf",
    serverName: "h3.example.com",
    path: "/sock",
    tls: true,
    upstreams: ["127.0.0.1:3000"],
    changes: [/^A listen for QUIC was left out .*:6\)$/],
  },
  {
    fixture: "rails-cable.conf",
    serverName: "cable.example.com",
    path: "/cable",
    upstreams: ["unix:///home/deploy/app/shared/tmp/sockets/puma.sock"],
    changes: [/over TCP in place of a Unix socket .*:2\)$/, /`listen 80 default_server deferred` is the one/],
  },
  {
    fixture: "regex-locations.conf",
    serverName: "re.example.com",
    path: "/app/aaa/ws",
    upstreams: ["127.0.0.1:3000"],
  },
  { fixture: "rewrite.conf", path: "/v1/ws/a", upstreams: ["127.0.0.1:3000"] },
  {
    fixture: "rsa-ciphers.conf",
    serverName: "old.example.com",
    path: "/ws/",
    tls: true,
    upstreams: ["127.0.0.1:3000"],
    changes: [/^limit_conn stays, and may count all of wsrally's connections as one client's .*:10\)$/],
  },
  {
    fixture: "server-pattern.conf",
    serverName: "a.apps.example.com",
    path: "/sock",
    upstreams: ["$tenant.internal.example.com:8080"],
    has: [/proxy_pass http:\/\/\$wsrally_backend;/, /map "" \$wsrally_backend/],
  },
  {
    fixture: "several-servers.conf",
    serverName: "ws.example.com",
    path: "/sock",
    tls: true,
    upstreams: ["ws.internal:9000"],
  },
  {
    fixture: "stream-mail.conf",
    path: "/sock",
    upstreams: ["127.0.0.1:3000"],
    changes: [/^stream was left out.*:14\)$/, /^mail was left out.*:17\)$/],
  },
  {
    fixture: "upstream-names.conf",
    serverName: "app.example.org",
    path: "/socket.io/",
    upstreams: [
      "node-a.no-such-host.invalid:3000",
      "node-b.no-such-host.invalid:3000",
      "[2001:db8::7]:3000",
      "unix:/run/node.sock",
    ],
    has: [/weight=3 max_fails=2 fail_timeout=5s;/, /ip_hash;/, /keepalive 64;/, /:\d+ backup;/],
  },
  {
    fixture: "variable-host.conf",
    serverName: "example.com",
    path: "/stream",
    upstreams: ["app-1.internal:3000", "app-eu.internal:3000"],
    has: [/\$wsrally_backend\$request_uri;/, /http:\/\/\$wsrally_backend\/fixed;/, /resolver 127\.0\.0\.1 /],
  },
  {
    fixture: "variable-url.conf",
    path: "/sock",
    upstreams: ["app:3000"],
    changes: [/^proxy_pass \$target \(http:\/\/app:3000\) is wsrally's backend instead .*:7\)$/],
  },
  {
    fixture: "vaultwarden.conf",
    serverName: "vault.example.tld",
    path: "/notifications/anonymous-hub",
    tls: true,
    upstreams: ["127.0.0.1:8080"],
  },
  {
    fixture: "writable-paths.conf",
    path: "/ws/",
    upstreams: ["127.0.0.1:3000"],
    changes: [/^proxy_store was left out.*:13\)$/, /^proxy_cache_path \/var\/cache\/nginx\/b lies in/],
    has: [/proxy_cache_path cache-0 levels=1:2 keys_zone=a:1m max_size=10m use_temp_path=off;/],
  },
  {
    fixture: "jupyterhub.conf",
    serverName: "HUB.DOMAIN.TLD",
    path: "/sock",
    tls: true,
    upstreams: ["127.0.0.1:8000"],
  },
];

/** Where nginx itself changed: from a version on, or up to it. */
const refusals: Readonly<Record<string, { since?: string; until?: string; words: RegExp }>> = {
  "jupyterhub.conf": {
    since: "1.25.1",
    words: /unknown directive "ssl" in .*jupyterhub\.conf:4 \(`ssl` was taken out/,
  },
  "http2-on.conf": {
    until: "1.25.1",
    words: /unknown directive "http2" in .*http2-on\.conf:5 \(`http2` came with/,
  },
};

const { version } = await findNginx();

function isAtLeast(wanted: string): boolean {
  return version.localeCompare(wanted, "en", { numeric: true }) >= 0;
}

describe(`configs of users on nginx ${version}`, () => {
  for (const row of corpus) {
    const refusal = refusals[row.fixture];
    const isRefused =
      refusal !== undefined &&
      (refusal.since === undefined || isAtLeast(refusal.since)) &&
      (refusal.until === undefined || !isAtLeast(refusal.until));
    if (isRefused) {
      it(`refuses corpus/${row.fixture} as nginx does`, async () => {
        await withBench(async ({ nginx }) => {
          await assert.rejects(nginx({}, `corpus/${row.fixture}`), { message: refusal.words });
        });
      });
      continue;
    }
    it(`carries a WebSocket through corpus/${row.fixture}`, async () => {
      await withBench(async ({ nginx }) => {
        const proxy = await nginx({}, `corpus/${row.fixture}`);
        const { serverName = null, path } = row;
        const ofServer = serverName === null ? "" : ` of ${serverName}`;
        assert.deepEqual(proxy.webSocket, { serverName, path });
        assert.deepEqual(
          proxy.upstreams.map(({ address }) => address),
          row.upstreams,
        );
        assert.ok(proxy.upstreams.every(({ origin }) => /\w:\d+$/.test(origin)));
        assert.ok(
          proxy.changes.some((change) => change.startsWith(`${path}${ofServer} is measured, where `)),
        );
        for (const pattern of row.changes ?? []) {
          assert.ok(
            proxy.changes.some((change) => pattern.test(change)),
            `${pattern} in ${proxy.changes.join("\n")}`,
          );
        }
        for (const pattern of row.has ?? []) assert.match(proxy.configText ?? "", pattern);
        const running = await proxy.start(never);
        assert.equal(running.endpoint.tls, row.tls ?? false);
        assert.deepEqual(await echoes(running.endpoint, ["ping"], path, serverName), ["ping"]);
        await running.stop();
      });
    });
  }

  it("leaves no config of the corpus untested", () => {
    const names = readdirSync(fixturePath("corpus")).map((name) =>
      name.endsWith(".conf") ? name : `${name}/nginx.conf`,
    );
    assert.deepEqual(corpus.map(({ fixture }) => fixture).sort(), names.sort());
  });
});

describe("what is asked of an adopted config", () => {
  it("is the server of the name given, and the path given", async () => {
    await withBench(async ({ nginx }) => {
      const asked = { serverName: "admin.example.com", path: "/events/7?token=x" };
      const proxy = await nginx({}, "corpus/several-servers.conf", asked);
      assert.deepEqual(proxy.webSocket, asked);
      const running = await proxy.start(never);
      assert.deepEqual(await echoes(running.endpoint, ["ping"], asked.path, asked.serverName), ["ping"]);
      await running.stop();
    });
  });

  it("finds the path within the server asked for", async () => {
    await withBench(async ({ nginx }) => {
      const proxy = await nginx({}, "corpus/several-servers.conf", { serverName: "admin.example.com" });
      assert.deepEqual(proxy.webSocket, { serverName: "admin.example.com", path: "/events/" });
    });
  });

  for (const [serverName, message] of [
    ["nobody.example.com", /Cannot find a server named nobody\.example\.com in .*: want one of www\.example/],
    ["ws.example.org", /Cannot find a server named ws\.example\.org/],
  ] as const) {
    it(`refuses ${serverName}, which no server answers to`, async () => {
      await withBench(async ({ nginx }) => {
        await assert.rejects(nginx({}, "corpus/several-servers.conf", { serverName }), (thrown) => {
          assert.ok(thrown instanceof UsageError);
          assert.match(thrown.message, message);
          return true;
        });
      });
    });
  }

  it("goes through every port of the backend", async () => {
    await withBench(async ({ nginx, setting }) => {
      const backend = { ...setting.backend, morePorts: [setting.backend.port] };
      for (const fixture of ["upstream-names.conf", "crlf.conf", "server-pattern.conf"]) {
        const proxy = await nginx({}, `corpus/${fixture}`, { backend });
        assert.match(proxy.configText ?? "", /server 127\.0\.0\.1:(\d+)([^;]*); server 127\.0\.0\.1:\1\2;/);
        const running = await proxy.start(never);
        const { path, serverName } = proxy.webSocket ?? {};
        assert.deepEqual(await echoes(running.endpoint, ["ping"], path ?? "/", serverName), ["ping"]);
        await running.stop();
      }
    });
  });
});
