import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { harmlessNames } from "#wsrally/proxy/nginx/confined-words.js";
import { findNginx } from "#wsrally/proxy/nginx/find-nginx.js";
import { withFolder } from "../support/with-folder.js";
import {
  type Context,
  configWith,
  directiveForms,
  type PlacedLine,
  withName,
} from "./support/harmless-forms.js";
import type { Asked, ConfigToAsk } from "./support/name-look-ups-main.js";

const program = fileURLToPath(new URL("./support/name-look-ups-main.js", import.meta.url));
/** Programs ask 127.0.0.1 for names, and nobody else: systemd's resolver is asked through a socket, which has no network. */
const script = `ip link set lo up
mount --bind "$1/resolv.conf" "$(readlink -f /etc/resolv.conf)"
if [ -e /etc/nsswitch.conf ]; then mount --bind "$1/nsswitch.conf" "$(readlink -f /etc/nsswitch.conf)"; fi
shift
exec "$@"`;

/** @returns what is in the way where there can be no network of its own */
async function lookUps(configs: readonly ConfigToAsk[], folder: string): Promise<Asked | string> {
  writeFileSync(join(folder, "resolv.conf"), "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
  writeFileSync(join(folder, "nsswitch.conf"), "passwd: files\ngroup: files\nhosts: dns\n");
  // Where nobody may read it in place, every preparation would copy it.
  const nginx = join(folder, "nginx");
  copyFileSync((await findNginx()).path, nginx);
  chmodSync(nginx, 0o755);
  chmodSync(folder, 0o755);
  const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  const args = [...asRoot, "--net", "--mount", "sh", "-ec", script, "sh", folder, process.execPath, program];
  const env = { ...process.env, WSRALLY_NGINX: nginx };
  const child = spawn("unshare", args, { stdio: ["pipe", "pipe", "pipe"], env });
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  child.stdin.end(JSON.stringify(configs));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  if (/unshare: |ip: not found|mount: /.test(stderr) || child.pid === undefined) return stderr.trim();
  assert.equal(child.exitCode, 0, stderr);
  return JSON.parse(stdout) as Asked;
}

/** What tells a name that must not be asked for; a label of its own stands before it. */
const asked = ".asked.test";

/** What else names a host, or tries to with an upstream's name before it. */
const otherLines: readonly (readonly [Context, string])[] = [
  ["main", "mail { auth_http NAME:80/x; server { listen 25; protocol smtp; } }"],
  ["main", "stream { server { listen 26; proxy_pass NAME:80; } }"],
  ["events", "debug_connection NAME;"],
  ["http", "geo $g0 { proxy NAME; default 0; }"],
  ["http", "geo $g1 { proxy 10.0.0.1; NAME 1; }"],
  ["http", "otel_exporter { endpoint NAME:4317; }"],
  ["http", "geoip_proxy NAME;"],
  ["http", "js_import a from NAME;"],
  ["http", "map $host $m0 { hostnames; default NAME; }"],
  ["upstream", "server NAME;"],
  ["upstream", "server NAME:80 resolve;"],
  ["upstream", "server NAME service=http resolve;"],
  ["upstream", "server NAME#a;"],
  ["upstream", "server a@NAME;"],
  ["upstream", "resolver NAME;"],
  ["server", "resolver NAME:53 valid=1s;"],
  ["server", "resolver 127.0.0.1; set $n NAME; location /v { proxy_pass http://$n; }"],
  ["server", "listen NAME:80;"],
  ["server", "ssl_stapling on; ssl_stapling_responder http://NAME/;"],
  ["server", "ssl_ocsp on; ssl_ocsp_responder http://NAME/;"],
  ["server", "set_real_ip_from NAME/8;"],
  ["server", "set_real_ip_from NAME:80;"],
  ["location", "proxy_pass http://group#.NAME/;"],
  ["location", "proxy_pass http://group#@NAME/;"],
  ["location", "proxy_pass http://NAME@group/;"],
  ["location", 'proxy_pass "http://group .NAME/";'],
  ["location", "proxy_pass http://group:80#.NAME/;"],
  ["location", "proxy_pass http://group%2F.NAME/;"],
  ["location", "proxy_pass http://group$request_uri.NAME/;"],
  ["location", "proxy_pass http://group$uri.NAME/;"],
  ["location", "proxy_pass http://$arg_a.NAME/;"],
  ["location", "set $n http://NAME; proxy_pass $n;"],
  ["location", "set $n NAME; proxy_pass http://$n$request_uri;"],
  ["location", "set $n NAME; grpc_pass grpc://$n;"],
  ["location", "set $n NAME; fastcgi_pass $n;"],
  ["location", "set $n NAME; uwsgi_pass $n;"],
  ["location", "set $n NAME; scgi_pass $n;"],
  ["location", "set $n NAME; memcached_pass $n;"],
  ["location", "grpc_pass grpcs://group#.NAME;"],
  ["location", "fastcgi_pass group#.NAME;"],
  ["location", "fastcgi_pass http://NAME;"],
  ["location", "uwsgi_pass suwsgi://group@NAME;"],
  ["location", "scgi_pass NAME:80;"],
  ["location", "if ($arg_a) { proxy_pass http://NAME; }"],
  ["location", "limit_except GET { proxy_pass http://NAME; }"],
  ["location", "auth_request /auth; auth_request_set $n NAME;"],
  ["location", "error_page 404 = http://NAME/; return 404;"],
  ["location", "add_after_body http://NAME/;"],
  ["location", "mirror http://NAME/;"],
];

describe("names in a stranger's config", () => {
  it("are asked of nobody, wherever they stand in it", async (test) => {
    await withFolder(async (folder) => {
      const write = (name: string, lines: readonly PlacedLine[]): string => {
        const file = join(folder, name);
        writeFileSync(file, configWith(lines));
        return file;
      };
      const forms = directiveForms.flatMap((form, index) =>
        withName(form, `n${index}${asked}`).map((line) => ({ context: form.context, line })),
      );
      const others = otherLines.map(([context, line], index) => ({
        context,
        line: line.replaceAll("NAME", `o${index}${asked}`),
      }));
      const paths = [...forms, ...others]
        .filter(({ context }) => context === "location")
        .map((_, index) => `/l${index}`);
      const corpus = resolve("test/probe/corpus");
      const configs = [
        {
          file: write("own.conf", [{ context: "server", line: `set_real_ip_from own${asked};` }]),
          isConfined: false,
          paths: [],
        },
        { file: write("forms.conf", [...forms, ...others]), isConfined: true, dispensable: asked, paths },
        ...readdirSync(corpus)
          .filter((name) => name.endsWith(".conf"))
          .map((name) => ({ file: join(corpus, name), isConfined: true, paths: ["/sock"] })),
      ];
      const answer = await lookUps(configs, folder);
      if (typeof answer === "string") {
        assert.ok(!process.env.CI, answer);
        return test.skip(`no network of its own here: ${answer}`);
      }
      // A user's own config may ask, and the name server is told.
      assert.deepEqual([...new Set(answer.names)], [`own${asked}`]);
      const mine = answer.ends.find(({ file }) => file.endsWith("forms.conf"));
      assert.equal(mine?.refusal, null, "what is left of it runs");
      assert.ok(mine.refusals.length < (forms.length + others.length) / 2, mine.refusals.join("\n"));
      const running = answer.ends.filter(({ refusal }) => refusal === null);
      assert.ok(running.length > configs.length / 2);
    });
  });

  it("are tried with every directive that may have words of its own", () => {
    const names = new Set(directiveForms.map(({ name }) => name));
    assert.deepEqual(
      [...harmlessNames].filter((name) => !names.has(name)),
      [],
    );
  });
});
