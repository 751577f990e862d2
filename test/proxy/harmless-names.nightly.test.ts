/** Whom a proxy asks for the names of a stranger's config: nobody, whatever line they stand in. Whole configs are asked nightly. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { harmlessNames } from "#wsrally/proxy/nginx/confine/confined-words.js";
import { skipLacking } from "../support/lacking.js";
import { withFolder } from "../support/with-folder.js";
import {
  type Context,
  configWith,
  directiveForms,
  type PlacedLine,
  withName,
} from "./support/harmless-forms.js";
import { asked, control, lookUps } from "./support/look-ups.js";

const linesTogether = 60;

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

/** What a user's own config may name, and nginx looks up when it starts. */
const ownNames: readonly (readonly [Context, string])[] = [
  ["main", "error_log syslog:server=NAME info;"],
  ["http", "access_log syslog:server=NAME,tag=a;"],
  ["http", "set_real_ip_from NAME;"],
  ["server", "set_real_ip_from NAME; set_real_ip_from 10.0.0.0/8;"],
  ["location", "proxy_pass http://NAME:80/x;"],
];

/** Section, or what a line of it is added to, and what names a host there. */
const haproxyLines: readonly (readonly [
  "global" | "frontend" | "bind" | "backend" | "server" | "section",
  string,
])[] = [
  ["global", "log NAME:514 local0"],
  ["global", "log NAME local0"],
  ["global", "stats bind-process all\n  stats socket NAME:9999"],
  ["global", "setenv TARGET NAME"],
  ["global", "localpeer NAME"],
  ["global", "node NAME"],
  ["frontend", "log NAME:514 local0"],
  ["frontend", "acl a src NAME"],
  ["frontend", "acl a dst NAME"],
  ["frontend", "acl a hdr_ip(x-forwarded-for) NAME"],
  ["frontend", "acl a hdr(host) NAME"],
  ["frontend", "acl a hdr(x-a) -m ip NAME"],
  ["frontend", "acl a str(10.0.0.1),ipmask(24) NAME"],
  ["frontend", "acl a str(10.0.0.1) -i -m ip NAME"],
  ["frontend", "acl a src -f names.lst"],
  ["frontend", "acl a hdr_ip(x-a,-1) -f names.lst NAME"],
  ["frontend", "use_backend %[src,map_ip(names.map,sockets)]"],
  ["frontend", "use_backend %[src,map_ip_ip(names.map,10.0.0.1)]"],
  ["frontend", "use_backend sockets if ! { src 10.0.0.1 } or { src -n NAME }"],
  ["frontend", "use_backend sockets unless { req.hdr_ip(x-a) NAME }"],
  ["frontend", "monitor fail if { src NAME }"],
  ["frontend", "tcp-request content accept if { str(x),iif(10.0.0.1,10.0.0.2) -m ip NAME }"],
  ["frontend", "http-request set-header if unless if { src NAME }"],
  ["frontend", "tcp-request connection reject if { src NAME }"],
  ["frontend", "tcp-request connection accept if !{ src NAME }"],
  ["frontend", "tcp-request connection expect-proxy layer4 if { src NAME }"],
  ["frontend", "http-request deny if { src NAME }"],
  ["frontend", "http-request set-src str(NAME)"],
  ["frontend", "http-request set-dst str(NAME)"],
  ["frontend", "http-request redirect prefix http://NAME"],
  ["frontend", "http-request return status 200 hdr location http://NAME"],
  ["frontend", "http-request set-header x-real %[src,map_ip(NAME)]"],
  ["frontend", "http-request set-var(txn.a) str(NAME),ipmask(24)"],
  ["frontend", "http-request do-resolve(txn.ip,dns,ipv4) str(NAME)"],
  ["frontend", "acl a url_ip NAME"],
  ["frontend", "acl a src,ipmask(8) NAME 10.0.0.1"],
  ["frontend", "acl a var(txn.a) -m ip NAME"],
  ["frontend", "option forwardfor except NAME"],
  ["frontend", "option originalto except NAME"],
  ["frontend", "declare capture request len 8\n  capture request header NAME len 8"],
  ["frontend", "bind NAME:81"],
  ["frontend", "monitor-net NAME"],
  ["frontend", "redirect location http://NAME"],
  ["bind", "interface NAME"],
  ["bind", "accept-netscaler-cip 1 ssl crt NAME"],
  ["bind", "ssl crt NAME ca-file NAME"],
  ["backend", "server b NAME:80"],
  ["backend", "server b ipv4@NAME:80 check"],
  ["backend", "server b http://NAME:80"],
  ["backend", "server-template t 1-3 NAME:80 check resolvers dns"],
  ["backend", "default-server init-addr libc\n  server b NAME:80"],
  ["backend", "default-server addr NAME check source NAME socks4 NAME:1080"],
  ["backend", "default-server resolve-net NAME resolvers dns"],
  ["backend", "stick-table type ip size 1k\n  stick match src if { src NAME }"],
  ["backend", "force-persist if { src NAME }\n  ignore-persist if { dst NAME }"],
  ["backend", "dispatch NAME:80"],
  ["backend", "source NAME"],
  ["backend", "source 0.0.0.0 usesrc NAME"],
  ["backend", "option httpchk GET / HTTP/1.1\\r\\nHost:\\ NAME"],
  ["backend", "http-check connect addr NAME port 80"],
  ["backend", "tcp-check connect addr NAME port 80"],
  ["backend", "email-alert mailers m\n  email-alert from a@NAME\n  email-alert to b@NAME"],
  ["backend", "use-server b if { src NAME }\n  server b NAME:80"],
  ["server", "addr NAME check"],
  ["server", "source NAME"],
  ["server", "socks4 NAME:1080"],
  ["server", "log-proto legacy check addr NAME"],
  ["server", "ssl sni str(NAME) verify required verifyhost NAME ca-file NAME"],
  ["server", "resolve-net NAME resolvers dns init-addr libc"],
  ["section", "resolvers dns\n  nameserver d NAME:53"],
  ["section", "resolvers dns\n  parse-resolv-conf"],
  [
    "section",
    "resolvers dns\n  nameserver d udp@NAME:53\nbackend o\n  http-request do-resolve(txn.ip,dns) str(a)",
  ],
  ["section", "peers p\n  peer a NAME:1024"],
  ["section", "mailers m\n  mailer a NAME:25"],
  ["section", "ring r\n  server a NAME:514"],
  ["section", "log-forward f\n  bind NAME:514\n  log NAME:514 local0"],
  ["section", "backend other\n  server a NAME:80"],
  ["section", "listen other\n  bind NAME:82\n  server a NAME:80"],
  ["section", "fcgi-app f\n  docroot /NAME"],
  ["section", "http-errors e\n  errorfile 503 NAME"],
];

function haproxyConfig(place: (typeof haproxyLines)[number][0], line: string): string {
  const at = (wanted: string): string => (place === wanted ? line : "");
  return `global
  maxconn 100
  ${at("global")}
defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
frontend web
  bind :80 ${at("bind")}
  ${at("frontend")}
  default_backend sockets
backend sockets
  ${at("backend")}
  server s app.internal:9000 ${at("server")}
${at("section")}
`;
}

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
      const ownLines = ownNames.map(([context, line], index) => ({
        context,
        line: line.replaceAll("NAME", `w${index}${asked}`),
      }));
      const lines = [...forms, ...others];
      // Each line that is refused has its whole config read again.
      const parts = Array.from({ length: Math.ceil(lines.length / linesTogether) }, (_, part) =>
        lines.slice(part * linesTogether, (part + 1) * linesTogether),
      );
      const configs = [
        {
          proxy: "nginx" as const,
          file: write("own.conf", ownLines),
          isConfined: false,
          // What is looked up at a request is the user's own wish.
          paths: [],
        },
        ...parts.map((part, index) => ({
          proxy: "nginx" as const,
          file: write(`forms-${index}.conf`, part),
          isConfined: true,
          dispensable: asked,
          paths: part.filter(({ context }) => context === "location").map((_, place) => `/l${place}`),
        })),
      ];
      const answer = await lookUps(configs, folder);
      if (typeof answer === "string") return skipLacking(test, `no network of its own here: ${answer}`);
      assert.deepEqual([...new Set(answer.names)], [control]);
      assert.equal(answer.ends.find(({ file }) => file.endsWith("own.conf"))?.refusal, null);
      const mine = answer.ends.filter(({ file }) => !file.endsWith("own.conf"));
      assert.deepEqual(
        mine.map(({ refusal }) => refusal),
        parts.map(() => null),
        "what is left of them runs",
      );
      const refusals = mine.flatMap((one) => one.refusals);
      assert.ok(refusals.length < lines.length / 2, refusals.join("\n"));
    });
  });

  it("are asked of nobody in a HAProxy config either, a stranger's or one's own", async (test) => {
    await withFolder(async (folder) => {
      const hostile = haproxyLines.map(([section, line], index) => {
        const file = join(folder, `h${index}.cfg`);
        writeFileSync(file, haproxyConfig(section, line.replaceAll("NAME", `h${index}${asked}`)));
        return file;
      });
      writeFileSync(join(folder, "names.lst"), `list${asked}\n`);
      writeFileSync(join(folder, "names.map"), `key${asked} value${asked}\n10.0.0.1 value${asked}\n`);
      const configs = hostile.flatMap((file) => [
        { proxy: "haproxy" as const, file, isConfined: true, paths: ["/sock"] },
        // What is looked up at a request is the user's own wish.
        { proxy: "haproxy" as const, file, isConfined: false, paths: [] },
      ]);
      const answer = await lookUps(configs, folder);
      if (typeof answer === "string") return skipLacking(test, `no network of its own here: ${answer}`);
      assert.deepEqual([...new Set(answer.names)], [control]);
      const ran = answer.ends.filter(({ refusal }) => refusal === null).map(({ file }) => file);
      // Nearly every one of one's own, and some of a stranger's.
      assert.ok(ran.length > hostile.length * 1.1, ran.join("\n"));
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
