/**
 * What nginx says of a config as it is written, also where adoption would have replaced or left out what it finds wrong.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ConfigRefusedError } from "#wsrally/proxy/config-refused-error.js";
import { adoptNginxConfig } from "#wsrally/proxy/nginx/adopt/adopt-nginx-config.js";
import { isAtLeast } from "#wsrally/proxy/nginx/explain/nginx-versions.js";
import { isListenAddress } from "#wsrally/proxy/nginx/language/listen-address.js";
import { printNginxConfig } from "#wsrally/proxy/nginx/language/print-nginx-config.js";
import { findNginx } from "#wsrally/proxy/nginx/run/find-nginx.js";
import { prepareProxy } from "#wsrally/proxy/prepare-proxy.js";
import { withFolder } from "../../support/with-folder.js";
import { never, withBench } from "../support/proxy-bench.js";

/** Where a line of a config stands. */
interface Lines {
  readonly main?: string;
  readonly http?: string;
  readonly server?: string;
  readonly location?: string;
  readonly upstream?: string;
}

function configWith(lines: Lines): string {
  const { main = "", http = "", server = "listen 80;", location = "", upstream = "" } = lines;
  return `${main}
events { worker_connections 64; }
http { ${http}
  upstream app { server app.invalid:9000; ${upstream} }
  server { ${server}
    location / { ${location.includes("proxy_pass") ? "" : "proxy_pass http://app;"} ${location} }
  }
}
`;
}

const { version } = await findNginx();
const hasResolve = isAtLeast(version, "1.27.3");

/** Each is taken out, or has a stand-in, in the config that runs. */
const refused: readonly (Lines & { readonly words: RegExp })[] = [
  { server: "listen %ip%:%port%;", words: /invalid port in "%ip%:%port%" of the "listen" directive in .*:5/ },
  { server: "listen 90-80;", words: /invalid port range in "90-80"/ },
  { server: "listen app:http;", words: /invalid port in "app:http"/ },
  { server: "listen 80 ipv6only=perhaps;", words: /invalid parameter "ipv6only=perhaps"/ },
  { server: "listen 80 proxy_protocol=on;", words: /invalid parameter "proxy_protocol=on"/ },
  {
    upstream: "server other.invalid:9000 resolve;",
    words: hasResolve ? /resolving names at run time/ : /invalid parameter "resolve"/,
  },
  { upstream: "server other.invalid:9000 service=http;", words: /service=http|requires "resolve"/ },
  { http: "resolver 127.0.0.1 valid=soon;", words: /invalid parameter: "?valid=soon/ },
  { http: "resolver 127.0.0.1 ipv6=perhaps;", words: /invalid parameter: "?ipv6=perhaps/ },
  { main: "user a b c;", words: /invalid number of arguments in "user" directive in .*:1/ },
  { main: "worker_rlimit_core much;", words: /"worker_rlimit_core" directive invalid value/ },
  { main: "lock_file;", words: /invalid number of arguments in "lock_file"/ },
  { location: "proxy_bind 300.1.1.1;", words: /invalid address "300\.1\.1\.1"/ },
  { location: "proxy_temp_path /var/x 9 9 9;", words: /invalid value|too long|invalid number/i },
  { location: "proxy_cache_path /x;", words: /"proxy_cache_path" directive is not allowed here/ },
  { server: "listen 80; ssl_stapling perhaps;", words: /invalid value "perhaps" in "ssl_stapling"/ },
  { location: "proxy_ssl_verify perhaps;", words: /invalid value "perhaps" in "proxy_ssl_verify"/ },
  { location: "proxy_pass http://$nowhere;", words: /unknown "nowhere" variable/ },
  { location: "proxy_pass http://app; auth_basic;", words: /invalid number of arguments in "auth_basic"/ },
  { server: "listen 80; allow 10.0.0.0/99;", words: /invalid parameter "10\.0\.0\.0\/99"/ },
];

async function prepare(text: string, isConfined: boolean): Promise<unknown> {
  return withFolder((folder) =>
    withBench(async ({ setting }) => {
      const file = join(folder, "nginx.conf");
      writeFileSync(file, text);
      const confinedTo = isConfined ? [{ path: folder, tracked: null }] : null;
      return prepareProxy(
        { kind: "proxy", proxy: "nginx", configFile: file, confinedTo },
        {},
        { ...setting, confinedTo },
        never,
      );
    }),
  );
}

describe("a config as it is written", () => {
  for (const { words, ...lines } of refused) {
    it(`is refused in nginx's words: ${Object.values(lines).join(" ")}`, async () => {
      await assert.rejects(prepare(configWith(lines), false), (thrown) => {
        assert.ok(thrown instanceof ConfigRefusedError, String(thrown));
        assert.match(thrown.message, words);
        return true;
      });
    });
  }

  it("of a stranger is refused for what `resolve` lacks too, though no name of it is left", async () => {
    const text = configWith({ upstream: "server other.invalid:9000 resolve;" });
    const words = hasResolve ? /resolving names at run time/ : /invalid parameter "resolve"/;
    await assert.rejects(prepare(text, true), words);
  });

  it("is not refused for what another machine has, nor for what only a run would look up", async () => {
    const text = configWith({
      main: "user www-data adm;\npid /run/nginx.pid;\nerror_log /var/log/nginx/error.log;",
      http: `resolver dns.invalid valid=10s ipv6=off;
        access_log syslog:server=logs.invalid,facility=local7 combined;
        proxy_temp_path /var/cache/nginx/proxy 1 2;`,
      server: "listen [::]:80 ipv6only=on; listen web.invalid:80 proxy_protocol; ssl_stapling on;",
      location: "set $to app; proxy_pass http://$to; proxy_ssl_verify on; proxy_bind 192.0.2.1;",
      upstream: `server unix:/run/app.sock; ${hasResolve ? "zone app 64k; server later.invalid resolve;" : ""}`,
    });
    await prepare(text, false);
  });

  it("of a stranger names no host that nginx would look up while it reads", async () => {
    const host = "told.invalid";
    const text = configWith({
      main: `error_log syslog:server=${host};`,
      http: `resolver ${host} ${host}:53 ipv4=${host} status_zone=${host} x=${host};
        set_real_ip_from ${host};
        access_log syslog:server=${host}:514,tag=a;
        upstream other { server ${host} resolve; server ${host}:99 service=http; }`,
      server: `listen ${host}:80; listen ${host}:81; ssl_stapling on; ssl_stapling_responder http://${host}/;`,
      location: `proxy_pass http://${host}/x; error_log syslog:server=${host};`,
    });
    await withFolder((folder) =>
      withBench(async ({ setting }) => {
        mkdirSync(join(folder, "conf"));
        const file = join(folder, "conf", "nginx.conf");
        writeFileSync(file, text);
        const { asWritten } = await adoptNginxConfig(file, {
          ...setting,
          confinedTo: [{ path: folder, tracked: null }],
        });
        assert.ok(asWritten);
        const read = printNginxConfig(asWritten.tree).text;
        assert.match(read, /location \//);
        assert.doesNotMatch(read, new RegExp(host));
        assert.equal(readFileSync(file, "utf8"), text);
      }),
    );
  });
});

describe("isListenAddress()", () => {
  for (const [address, wanted] of [
    ["80", true],
    ["8080-8090", true],
    ["*:80", true],
    ["[::]:443", true],
    ["[::1]", true],
    ["localhost", true],
    ["127.0.0.1:80", true],
    ["unix:/run/a b.sock", true],
    ["0", false],
    ["80808", false],
    ["80-", false],
    ["90-80", false],
    ["host:", false],
    ["host:http", false],
    ["%ip%:%port%", false],
    ["[PORT]", false],
    ["unix:", false],
    ["", false],
  ] as const) {
    it(`takes ${JSON.stringify(address)} for ${wanted ? "one" : "none"}`, () => {
      assert.equal(isListenAddress(address), wanted);
    });
  }
});
