import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { UsageError } from "#wsrally/base/errors.js";
import { proxyEnvironment } from "#wsrally/proxy/instance/launch.js";
import { testPattern } from "#wsrally/proxy/patterns/test-pattern.js";
import { prepareProxy } from "#wsrally/proxy/prepare-proxy.js";
import { processTree } from "#wsrally/proxy/process-family.js";
import type { PreparedProxy, ProxySetting } from "#wsrally/proxy/proxy.js";
import { globFiles } from "#wsrally/proxy/reach/glob-files.js";
import { createReach } from "#wsrally/proxy/reach/reach.js";
import { fc } from "../../support/seeded-fast-check.js";
import { withFolder } from "../../support/with-folder.js";
import { echoes, never, withBench } from "../support/proxy-bench.js";

/** Where a line of a hostile config stands. */
interface Lines {
  readonly main?: string;
  readonly events?: string;
  readonly http?: string;
  readonly server?: string;
  readonly location?: string;
}

function configWith({ main = "", events = "", http = "", server = "", location = "" }: Lines): string {
  return `${main}
events { worker_connections 64; ${events} }
http {
  ${http}
  server {
    listen 80;
    ${server}
    location /sock {
      ${location.includes("proxy_pass") ? "" : "proxy_pass http://app.internal:9000;"}
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
      ${location}
    }
  }
}
`;
}

/** A repository with a config, and what a stranger would like to have beside it. */
async function withRepository(
  test: (
    repository: string,
    setting: ProxySetting,
    prepare: (lines: Lines) => Promise<PreparedProxy>,
  ) => Promise<void>,
): Promise<void> {
  await withBench(async ({ setting }) => {
    await withFolder(async (folder) => {
      const repository = join(folder, "repository");
      mkdirSync(repository);
      writeFileSync(join(folder, "secret.conf"), "set $secret 8d1f;\n");
      writeFileSync(join(folder, "secret.pem"), "8d1f\n");
      const configFile = join(repository, "nginx.conf");
      await test(repository, setting, (lines) => {
        writeFileSync(configFile, configWith(lines));
        const target = {
          kind: "proxy" as const,
          proxy: "nginx" as const,
          configFile,
          confinedTo: [{ path: repository, tracked: null }],
        };
        return prepareProxy(target, {}, setting, never);
      });
    });
  });
}

const refused: readonly (readonly [Lines, RegExp])[] = [
  [{ server: "include ../secret.conf;" }, /nginx\.conf:7: include \.\.\/secret\.conf lies outside of/],
  [{ server: "include ../../etc/shadow;" }, /lies outside of/],
  [{ http: "include /etc/passwd;" }, /include \/etc\/passwd lies outside of .*--allow-includes/],
  [{ server: "include link.conf;" }, /include link\.conf lies outside of/],
  [{ server: "include */secret.conf;" }, /include \*\/secret\.conf lies outside of/],
  [{ http: "map $host $x { include ../secret.conf; }" }, /lies outside of/],
  [{ http: 'map $host $x { "include\0" /etc/passwd; }' }, /a NUL byte/],
  [{ server: `include circle.conf;` }, /nested more than 20 deep|more than 5000 files/],
  [
    { server: "ssl_conf_command Certificate /etc/ssl/x.pem;" },
    /ssl_conf_command Certificate may name a file/,
  ],
  [{ http: "xml_entities /etc/passwd; js_fetch_trusted_certificate2 /etc/x;" }, /not known to be harmless/],
  [{ server: "unknown_thing http://169.254.169.254/;" }, /what unknown_thing does with http:\/\/169/],
  [{ server: "tunnel_pass localhost;" }, /tunnel_pass localhost/],
  // A module that wsrally does not know may look such a word up.
  [{ http: "statsd_server metrics;" }, /what statsd_server does with metrics is not known/],
  [{ http: "graphite_config host=metrics;" }, /what graphite_config does with host=metrics/],
  ...[
    "http://grp#@10.9.8.7/",
    "http://grp#.evil.test",
    "http://evil.test@grp/",
    '"http://grp .evil.test/"',
  ].map((url): [Lines, RegExp] => [
    { http: "upstream grp { server b; }", location: `proxy_pass ${url};` },
    /is no address that wsrally knows how to replace/,
  ]),
  [
    { location: "proxy_pass http://app:80$uri;" },
    /`proxy_pass http:\/\/HOST:PORT\$uri` could lead elsewhere by what \$uri begins with, unless a \/ stands before it/,
  ],
  [
    { http: "upstream a { server b; }", location: "proxy_pass http://a$uri;" },
    /no address that wsrally knows/,
  ],
  [
    { location: "set $wsrally_backend 127.0.0.1:22; proxy_pass http://$http_x;" },
    /name that is wsrally's own/,
  ],
  [{ http: "geo $wsrally_backend { default 1.1.1.1; }" }, /name that is wsrally's own/],
  [{ http: "upstream a { server 169.254.169.254:80:; }" }, /server 169\.254\.169\.254:80:/],
  ...["fastcgi_pass http://grp", "scgi_pass grp#x", "uwsgi_pass http://grp", "grpc_pass grpc://grp/x"].map(
    (pass): [Lines, RegExp] => [
      { http: "upstream grp { server b; }", server: `location /f { ${pass}; }` },
      /_pass [^`]*grp[^`]*` is no address that wsrally knows how to replace/,
    ],
  ),
  [{ main: "worker_processes 10000;" }, /nginx\.conf:1: more than 64 workers/],
  [{ main: "worker_processes 64;", events: "worker_connections 1000000;" }, /connections in all workers/],
  [{ events: "worker_connections 10000000;" }, /more than 1048576 connections/],
  [{ location: "proxy_buffer_size 10g;" }, /proxy_buffer_size 10g is more than/],
  [{ http: "map_hash_bucket_size 1000000000;" }, /map_hash_bucket_size 1000000000 is more than/],
  [{ http: "limit_conn_zone $host zone=a:100g;" }, /limit_conn_zone zone=a:100g/],
  [{ http: "proxy_cache_path /x keys_zone=a:100g;" }, /proxy_cache_path keys_zone=a:100g/],
  [{ http: "server { listen 81; }".repeat(300) }, /more than 256 listens/],
  [{ http: `${"map $a $b { x y; }\n".repeat(30_000)}` }, /more than 50000 directives/],
  [{ http: `${"location a {".repeat(500)}${"}".repeat(500)}` }, /nested more than 100 deep/],
  [{ http: `log_format a ${"x".repeat(10_000)};` }, /too long parameter/],
];

const kept: readonly (readonly [Lines, RegExp, RegExp])[] = [
  // What was written, the note, and what must not be in the config as it runs.
  [{ server: "root /; index etc/passwd;" }, /^root is a folder without files/, /root \/;/],
  [{ location: "alias /etc/;" }, /^alias is a folder without files/, /\/etc/],
  [{ server: "if (-f /etc/shadow) { return 403; }" }, /^if \(-f …\) finds nothing/, /shadow/],
  [{ server: 'set $f /etc/shadow; if ( !-e "$f" ) { return 403; }' }, /^if \(!-e …\) finds/, /-e \$f/],
  [{ main: "env GITHUB_TOKEN; env LD_PRELOAD=/tmp/x.so;" }, /^env was left out/, /^env/m],
  [{ main: "load_module /tmp/evil.so;" }, /^load_module \/tmp\/evil\.so was left out/, /evil/],
  [{ main: "ssl_engine /tmp/evil.so;" }, /^ssl_engine \/tmp\/evil\.so was left out/, /evil/],
  [{ main: "user root;" }, /^user is the run's own/, /user root/],
  [{ main: "working_directory /root;" }, /^working_directory is the run's own/, /working_directory/],
  [{ main: "pid /run/x.pid;" }, /^pid is the run's own/, /\/run/],
  [{ main: "daemon on;" }, /^daemon is the run's own/, /daemon on/],
  [{ main: "master_process off;" }, /^master_process was left out/, /master_process/],
  [{ main: "lock_file /etc/lock;" }, /^lock_file is the run's own/, /\/etc/],
  [{ main: "worker_priority -20;" }, /^worker_priority was left out/, /worker_priority/],
  [{ main: "thread_pool default threads=100000;" }, /^thread_pool was left out/, /thread_pool/],
  [{ main: "error_log /etc/x.log;" }, /^Logs are written into/, /\/etc/],
  [{ main: "error_log syslog:server=169.254.169.254 debug;" }, /^Logs are written into/, /syslog|169/],
  [{ http: "access_log /etc/$host.log;" }, /^Logs are written into/, /\/etc/],
  [{ http: "access_log syslog:server=169.254.169.254;" }, /^Logs are written into/, /syslog|169/],
  [{ http: "client_body_temp_path /etc/x;" }, /^client_body_temp_path is the run's own/, /\/etc/],
  [{ http: "proxy_temp_path /etc/x;" }, /^proxy_temp_path is the run's own/, /\/etc/],
  [{ location: "proxy_store /etc/x;" }, /^proxy_store was left out/, /\/etc/],
  [{ location: "dav_methods PUT;" }, /^dav_methods was left out/, /dav_methods/],
  [
    { main: "stream { server { listen 25; proxy_pass 169.254.169.254:80; } }" },
    /^stream was left out/,
    /169/,
  ],
  [{ main: "mail { auth_http 169.254.169.254; }" }, /^mail was left out/, /169/],
  ...[
    "evil.test",
    "evil.test/8",
    "evil.test:80",
    "10.0.0.0/33",
    "::1/129",
    "fe80::1%lo",
    "[::1]",
    "unix:/x",
    "1",
  ].map((word): [Lines, RegExp, RegExp] => [
    { server: `set_real_ip_from 10.0.0.1; set_real_ip_from ${word};` },
    /^set_real_ip_from .* was left out: no name is looked up for a measurement \(.*nginx\.conf:7\)$/,
    /set_real_ip_from (?!10\.0\.0\.1;)/,
  ]),
  [{ http: "resolver 8.8.8.8 ipv6=off;" }, /^resolver is 127\.0\.0\.1/, /8\.8\.8\.8/],
  [
    { server: "ssl_stapling on; ssl_stapling_responder http://169.254.169.254/;" },
    /^ssl_stapling was/,
    /169/,
  ],
  [{ server: "ssl_ocsp on; ssl_ocsp_responder http://169.254.169.254/;" }, /^ssl_ocsp was left out/, /169/],
  [
    { server: "listen unix:/run/x.sock; listen 443 quic;" },
    /unix:\/run\/x\.sock` is a free port/,
    /unix:|quic/,
  ],
  [
    { location: "proxy_pass http://unix:/run/docker.sock:/x;" },
    /over TCP in place of a Unix socket/,
    /docker/,
  ],
  [
    { server: "location /m { proxy_pass http://169.254.169.254/latest; }" },
    /169\.254.*is wsrally's backend/,
    /169/,
  ],
  [{ server: "location /f { fastcgi_pass unix:/run/php.sock; }" }, /fastcgi_pass unix/, /php/],
  [{ location: "mirror /m; ", server: "location /m { proxy_pass http://169.254.169.254; }" }, /169/, /169/],
  [
    {
      server: 'location ~ "^/(?<up>169.254.169.254)$" { proxy_pass http://$up; }',
      http: "map $host $up { default a; }",
    },
    /wsrally's backend/,
    /proxy_pass http:\/\/\$up/,
  ],
  [{ server: "ssl_dhparam ../secret.pem;" }, /^ssl_dhparam was left out/, /secret/],
  [{ server: "ssl_password_file ../secret.pem;" }, /^ssl_password_file was left out/, /secret/],
  [
    { server: "ssl_certificate ../secret.pem; ssl_certificate_key ../secret.pem;" },
    /^The certificate/,
    /secret/,
  ],
  [{ server: "ssl_certificate /$host.pem; ssl_certificate_key /$host.pem;" }, /^The certificate/, /host/],
  [
    { http: "perl_modules /tmp; js_import /tmp/x.js; lua_package_path /tmp;" },
    /^js_import was left out/,
    /tmp\/x/,
  ],
  [{ server: "include folder/*.conf;" }, /^The include of folder\/\*\.conf was left out/, /secret/],
  [{ server: "include /etc/nginx/conf.d/*.conf;" }, /^The include of .* was left out/, /conf\.d/],
  [{ http: "geoip_country /etc/passwd;" }, /^geoip_country was left out: a gate does without/, /passwd/],
  [{ server: "location /x { xslt_stylesheet /etc/passwd; }" }, /^xslt_stylesheet was left out/, /passwd/],
];

describe("a stranger's config", () => {
  it("is refused with its place for what could reach out of the private folder", async () => {
    await withRepository(async (repository, _setting, prepare) => {
      symlinkSync("../secret.conf", join(repository, "link.conf"));
      symlinkSync("..", join(repository, "folder"));
      writeFileSync(join(repository, "circle.conf"), "include circle.conf; include circle.conf;");
      for (const [lines, words] of refused) {
        const started = performance.now();
        await assert.rejects(prepare(lines), (thrown) => {
          assert.ok(
            thrown instanceof Error && words.test(thrown.message),
            `${JSON.stringify(lines)}: ${thrown}`,
          );
          assert.doesNotMatch(thrown.message, /8d1f|root:/);
          assert.ok(performance.now() - started < 20_000);
          return true;
        });
      }
    });
  });

  it("is run without what it is not to have", async () => {
    await withRepository(async (repository, _setting, prepare) => {
      symlinkSync("..", join(repository, "folder"));
      for (const [lines, note, gone] of kept) {
        const { changes, configText } = await prepare(lines);
        assert.ok(
          changes.some((change) => note.test(change)),
          `${JSON.stringify(lines)}: ${changes.join("\n")}`,
        );
        assert.doesNotMatch(configText ?? "", gone, JSON.stringify(lines));
      }
    });
  });

  it("keeps what it says of itself by addresses", async () => {
    await withRepository(async (_repository, _setting, prepare) => {
      const words = [
        "10.0.0.1",
        "10.0.0.0/8",
        "0.0.0.0/0",
        "::1",
        "fc00::/7",
        "::ffff:10.0.0.1/128",
        "unix:",
      ];
      const { configText } = await prepare({
        server: words.map((word) => `set_real_ip_from ${word};`).join(" "),
        http: "upstream grp { server b; }",
        location: "proxy_pass http://grp?a=b#c;",
      });
      for (const line of [
        ...words.map((word) => `set_real_ip_from ${word};`),
        "proxy_pass http://grp?a=***#c;",
      ])
        assert.ok(configText?.includes(line), line);
    });
  });

  it("passes to servers of its own, by their address or as an upstream, and nowhere else", async () => {
    await withRepository(async (_repository, _setting, prepare) => {
      const own = (port: number, to: string): string => `
        server { listen ${port}; location / {
          proxy_pass ${to};
          proxy_http_version 1.1;
          proxy_set_header Upgrade $http_upgrade;
          proxy_set_header Connection upgrade;
        } }`;
      const proxy = await prepare({
        http: `${own(8081, "http://hop")} ${own(8082, "http://app:1")} upstream hop { server 127.0.0.1:8082; }`,
        location: "proxy_pass http://127.0.0.1:8081;",
      });
      assert.equal(proxy.changes.filter((change) => /stays: the config's own server/.test(change)).length, 2);
      const running = await proxy.start(never);
      assert.deepEqual(await echoes(running.endpoint, ["ping"]), ["ping"]);
      await running.stop();
      await assert.rejects(
        prepare({
          http: own(8081, "http://app:1"),
          location: "proxy_pass http://127.0.0.1:8081#.evil.test;",
        }),
        /is no address that wsrally knows how to replace/,
      );
    });
  });

  it("serves no file, whatever way it takes to one", async () => {
    const ways = [
      "root /; try_files /etc/passwd =404;",
      "root /; try_files /../../../../../../../../etc/passwd =404;",
      "alias /; try_files /etc/passwd /../../../../etc/passwd =404;",
      "error_page 404 /../../../../../../../../etc/passwd; return 404;",
      "rewrite ^ /../../../../../../../../../../etc/passwd last;",
      'set $d ".."; rewrite ^ /$d/$d/$d/$d/$d/$d/$d/$d/$d/etc/passwd last;',
      "root /; index etc/passwd ../../../../../../etc/passwd; rewrite ^ / last;",
      "root /; autoindex on; rewrite ^ /etc/ last;",
    ];
    await withRepository(async (_repository, _setting, prepare) => {
      const server = ways.map((way, index) => `location = /way${index} { ${way} }`).join("\n");
      const running = await (await prepare({ server })).start(never);
      for (const [index, way] of ways.entries()) {
        const answer = await fetch(`http://127.0.0.1:${running.endpoint.port}/way${index}`);
        assert.equal(answer.status, 404, way);
        assert.doesNotMatch(await answer.text(), /root:|nobody|passwd/, way);
      }
      assert.deepEqual(await echoes(running.endpoint, ["ping"]), ["ping"], "and is measured all the same");
      await running.stop();
    });
  });

  it("cannot tell by an answer whether a file is there", async () => {
    const there = "/etc/passwd";
    const missing = "/etc/nosuch-8d1f";
    const up = "/..".repeat(12);
    const asks = (file: string): string[] => [
      ...["-f", "-e", "!-f", "!-d", "-x", "!-x"].flatMap((test) =>
        [file, `$realpath_root${file}`, `$document_root${up}${file}`, "$file"].map(
          (path) => `set $file ${file}; if (${test} ${path}) { return 201; } return 202;`,
        ),
      ),
      `alias $realpath_root${file}; if (-f $request_filename) { return 201; } return 202;`,
      `root $realpath_root/etc; try_files $realpath_root${file} ${up}${file} =404;`,
      `error_page 404 =201 ${up}${file}; error_page 403 =203 /none; return 404;`,
      `set $r $realpath_root; rewrite ^ $r${file} break; try_files $uri =404;`,
      `index ${file} $realpath_root${file}; autoindex on; rewrite ^ / break;`,
      `auth_basic x; auth_basic_user_file ${file}; try_files /none =404;`,
      `auth_basic x; auth_basic_user_file $realpath_root${file}; try_files /none =404;`,
      `gzip_static always; alias ${file};`,
      `access_log $realpath_root${file}/x; return 202;`,
    ];
    await withRepository(async (_repository, _setting, prepare) => {
      const places = [there, missing].map((file, side) =>
        asks(file).map((way, index) => `location = /s${side}w${index} { ${way} }`),
      );
      const running = await (await prepare({ server: places.flat().join("\n") })).start(never);
      const ask = async (side: number, index: number): Promise<string> => {
        const answer = await fetch(`http://127.0.0.1:${running.endpoint.port}/s${side}w${index}`);
        return `${answer.status} ${(await answer.text()).length}`;
      };
      for (const [index, way] of asks(there).entries()) {
        assert.equal(await ask(0, index), await ask(1, index), way);
      }
      await running.stop();
    });
  });

  it("reaches no address but wsrally's backend, whatever it makes of a request", async () => {
    const service = createServer((socket) => socket.end("HTTP/1.1 200 OK\r\n\r\n8d1f"));
    let visits = 0;
    service.on("connection", () => visits++);
    service.listen(0, "127.0.0.1");
    await once(service, "listening");
    const { port } = service.address() as { port: number };
    try {
      await withRepository(async (_repository, _setting, prepare) => {
        const server = `
          location ~ "^/(?<up>127.0.0.1:\\d+)$" { proxy_pass http://$up; }
          location = /a { proxy_pass http://127.0.0.1:${port}; }
          location = /b { set $t http://127.0.0.1:${port}; proxy_pass $t; }
          location = /c { mirror /a; auth_request /a; proxy_pass http://x; }
          location = /d { fastcgi_pass 127.0.0.1:${port}; }
          location = /e { proxy_pass http://$arg_to; }`;
        const running = await (
          await prepare({ http: "map $host $up { default grp; } upstream grp { server a; }", server })
        ).start(never);
        const url = `http://127.0.0.1:${running.endpoint.port}`;
        for (const path of [`/127.0.0.1:${port}`, "/a", "/b", "/c", "/d", `/e?to=127.0.0.1:${port}`]) {
          assert.doesNotMatch(await (await fetch(url + path)).text(), /8d1f/, path);
        }
        await running.stop();
      });
    } finally {
      service.close();
    }
    assert.equal(visits, 0);
  });
});

describe("nginx's processes", () => {
  it("are not root's where root starts them, and know nothing of the environment", async (t) => {
    if (process.getuid?.() !== 0 || process.platform !== "linux") return t.skip("not started by root");
    process.env.GITHUB_TOKEN = "8d1f";
    try {
      await withRepository(async (repository, _setting, prepare) => {
        writeFileSync(join(repository, "users"), "a:b\n", { mode: 0o600 });
        const proxy = await prepare({ server: "location /p { auth_basic x; auth_basic_user_file users; }" });
        const running = await proxy.start(never);
        const pids = running.usage().processes.map(({ pid }) => pid);
        assert.ok(pids.length >= 2, "master and worker");
        for (const pid of pids) {
          const status = readFileSync(`/proc/${pid}/status`, "utf8");
          assert.match(status, /^Uid:\t65534\t65534\t65534\t65534$/m);
          assert.match(status, /^Gid:\t65534\t65534\t65534\t65534$/m);
          assert.match(status, /^Groups:\s*$/m);
          assert.match(status, /^NoNewPrivs:\t1$/m);
          assert.doesNotMatch(readFileSync(`/proc/${pid}/environ`, "latin1"), /8d1f|GITHUB/);
          assert.match(readFileSync(`/proc/${pid}/limits`, "utf8"), /^Max address space\s+4294967296 /m);
        }
        assert.deepEqual(await echoes(running.endpoint, ["ping"]), ["ping"]);
        const url = `http://127.0.0.1:${running.endpoint.port}/p`;
        assert.equal((await fetch(url)).status, 401, "a copy of the file of users, which is root's alone");
        assert.ok((running.footprint()?.descriptors ?? 0) > 0, "its use can still be read");
        await running.reload?.();
        assert.deepEqual(await echoes(running.endpoint, ["ping"]), ["ping"]);
        await running.stop();
        const left = processTree(process.pid);
        assert.deepEqual(
          pids.filter((pid) => left.includes(pid)),
          [],
        );
      });
    } finally {
      delete process.env.GITHUB_TOKEN;
    }
  });
});

describe("proxyEnvironment()", () => {
  it("passes what programs need, and no secret", () => {
    const passed = proxyEnvironment({
      PATH: "/bin",
      TZ: "UTC",
      LC_ALL: "C",
      GITHUB_TOKEN: "x",
      NGINX: "3;",
      HOME: "/root",
    });
    assert.deepEqual(passed, { PATH: "/bin", TZ: "UTC", LC_ALL: "C" });
  });
});

describe("globFiles()", () => {
  it("finds what a pattern of literals, stars and classes was made from, in bounded time", async () => {
    await withFolder(async (folder) => {
      const part = fc.constantFrom("a", "b", "-", ".");
      const pieces = fc.array(fc.tuple(part, fc.constantFrom("same", "star", "any", "class")), {
        minLength: 1,
        maxLength: 12,
      });
      let index = 0;
      fc.assert(
        fc.property(pieces, (chosen) => {
          const inside = join(folder, String(index++));
          mkdirSync(inside);
          const name = `n${chosen.map(([text]) => text).join("")}`;
          writeFileSync(join(inside, name), "");
          const shapes: Record<string, (text: string) => string> = {
            same: (text) => text,
            star: () => "*",
            any: () => "?",
            class: (text) => `[!z${text === "-" ? "" : "y"}]`,
          };
          const pattern = `n${chosen.map(([text, how]) => shapes[how]?.(text) ?? "").join("")}`;
          const isPattern = /[*?[]/.test(pattern);
          assert.deepEqual(
            globFiles(join(inside, pattern), createReach(null)),
            isPattern || pattern === name ? [join(inside, name)] : [],
          );
        }),
        { numRuns: 100 },
      );
      writeFileSync(join(folder, "a".repeat(200)), "");
      assert.deepEqual(globFiles(join(folder, `${"*a".repeat(60)}*b`), createReach(null)), []);
    });
  });
});

describe("testPattern()", () => {
  it("gives up on an expression that backtracks for years", () => {
    const text = `/${"a".repeat(60)}!`;
    assert.equal(testPattern(/^\/(a+)+$/, text), false);
    assert.equal(testPattern(/^\/(a|a)*$/, text), false);
    assert.equal(testPattern(/^\/(a+)+!$/, text), true);
    assert.equal(testPattern(/^\/sock/, "/sock"), true);
  });

  it("does not take a process that is held back for one", async () => {
    const pause = `kill -STOP ${process.pid}; sleep 0.15; kill -CONT ${process.pid}; sleep 0.03`;
    const pauses = spawn("sh", ["-c", `for i in 1 2 3 4 5 6 7 8 9 10; do ${pause}; done`]);
    const ended = once(pauses, "exit");
    while (pauses.exitCode === null) {
      for (let i = 0; i < 500; i++) assert.equal(testPattern(/^\/(a+)+!$/, `/${"a".repeat(60)}!`), true);
      await setImmediate();
    }
    await ended;
  });
});

it("UsageError is what a refusal is, so that a gate ends with 2", async () => {
  await withRepository(async (_repository, _setting, prepare) => {
    await assert.rejects(prepare({ main: "worker_processes 10000;" }), UsageError);
  });
});
