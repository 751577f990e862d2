import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createEnvironment } from "#wsrally/proxy/haproxy/language/environment.js";
import { parseConfig } from "#wsrally/proxy/haproxy/language/parse-config.js";
import { isSameSocket, parseAddress } from "#wsrally/proxy/haproxy/route/addresses.js";
import { findWebSocket } from "#wsrally/proxy/haproxy/route/find-web-socket.js";

const files: Readonly<Record<string, readonly string[]>> = {
  "hosts.map": ["ws.example.com sock", "www.example.com pages"],
  "paths.lst": ["/live"],
};

function routeOf(body: string, path: string | null = null): string {
  const text = `defaults\n mode http\nfrontend f\n bind :80\n ${body}\n default_backend pages\nbackend pages\n server p 10.0.0.1:80\nbackend sock\n server s 10.0.0.2:80\n`;
  const tree = parseConfig([{ name: "a.cfg", text }], createEnvironment({}, ["a.cfg"], "2.8"), null);
  const route = findWebSocket(tree, { path, serverName: null }, (file) => files[file] ?? null, "a.cfg");
  if (route === null) return "none";
  const { end } = route;
  if (end.kind === "answered") return `${end.answer.how} ${end.answer.status}`;
  if (end.kind === "no-backend" || end.kind === "no-server") return end.kind;
  return [end.backend.name, route.serverName, route.request.url].filter((word) => word !== null).join(" ");
}

/** A rule, the path asked for or null for the config's own, and where it leads. */
const rows: readonly (readonly [string, string | null, string])[] = [
  ["use_backend sock if { path_beg /ws }", null, "sock /ws"],
  ["use_backend sock if { path_beg /ws }", "/other", "pages /other"],
  ["use_backend sock if { path /a } or { path -m end .ws }", "/x.ws", "sock /x.ws"],
  ["use_backend sock if { path_dir ws }", "/a/ws/b", "sock /a/ws/b"],
  ["use_backend sock if { path_dir ws }", "/a/wsx/b", "pages /a/wsx/b"],
  ["use_backend sock if { path_sub ocke }", "/socket", "sock /socket"],
  ["use_backend sock if { path_reg ^/r/[0-9]+$ }", null, "sock /r/0"],
  ["use_backend sock if { url_beg /q?a }", "/q?a=1", "sock /q?a=1"],
  ["use_backend sock if { path,lower -m beg /ws }", "/WS", "sock /WS"],
  ["use_backend sock if { path_beg -i /ws }", "/WS", "sock /WS"],
  ["use_backend sock if { path_beg -f paths.lst }", null, "sock /live"],
  ["use_backend sock if { hdr(Upgrade) -i websocket }", null, "sock /sock"],
  ["use_backend sock if { hdr(Upgrade) WebSocket }", null, "pages /sock"],
  ["use_backend sock if { hdr(Connection) -i upgrade } !{ method POST }", null, "sock /sock"],
  ["use_backend sock if { hdr(Connection) -i keep-alive }", null, "pages /sock"],
  ["use_backend sock if { req.hdr_cnt(Upgrade) gt 0 }", null, "sock /sock"],
  ["use_backend sock if { req.hdr(Upgrade) -m found }", null, "sock /sock"],
  ["use_backend sock if { hdr(host) -i ws.example.com }", null, "sock ws.example.com /sock"],
  ["use_backend sock if { hdr_beg(host) -i ws. }", null, "sock ws.example.com /sock"],
  ["use_backend sock if { hdr_end(host) -i .ws.org }", null, "sock www.ws.org /sock"],
  ["use_backend %[req.hdr(host),lower,map(hosts.map,pages)]", null, "sock ws.example.com /sock"],
  ["use_backend s%[str(ock)]", null, "sock /sock"],
  ["use_backend nothing%[str(x)]", null, "pages /sock"],
  ["use_backend sock if METH_GET !{ ssl_fc }", null, "sock /sock"],
  ["use_backend sock unless { dst_port 443 }", null, "sock /sock"],
  ["http-request set-var(txn.p) path\n use_backend sock if { var(txn.p) -m beg /ws }", "/ws", "sock /ws"],
  ["http-request set-path /ws\n use_backend sock if { path /ws }", "/any", "sock /ws"],
  ["http-request replace-path /x(/.*) \\\\1\n use_backend sock if { path_beg /ws }", "/x/ws", "sock /ws"],
  [
    "http-request set-path '%[path,regsub(^/x,)]'\n use_backend sock if { path_beg /ws }",
    "/x/ws?a",
    "sock /ws?a",
  ],
  ["http-request set-uri /u?v\n use_backend sock if { query v }", "/a", "sock /u?v"],
  ["http-request del-header Upgrade\n use_backend sock if { hdr(Upgrade) -m found }", "/a", "pages /a"],
  ["http-request deny", "/a", "deny 403"],
  ["http-request deny deny_status 429 if { sc_conn_cur(0) ge 1 }", "/a", "deny 429"],
  ["http-request deny if { sc_conn_cur(0) gt 9 }", "/a", "pages /a"],
  ["http-request allow if TRUE\n http-request deny", "/a", "pages /a"],
  ["http-request redirect scheme https code 301 unless { ssl_fc }", "/a", "redirect 301"],
  ["redirect prefix http://b if { path_beg /a }", "/a", "redirect 302"],
  ["http-request return status 404", "/a", "return 404"],
  ["tcp-request connection reject if { src 127.0.0.0/8 }", "/a", "reject null"],
  ["tcp-request connection reject unless { src 10.0.0.0/8 192.168.0.1 }", "/a", "reject null"],
  ["http-request auth if !{ http_auth(users) }", "/a", "pages /a"],
  ["stats uri /a\n stats enable", "/a", "service 200"],
  ["monitor-uri /a", "/a", "service 200"],
  ["acl a path_beg /1\n acl a path_beg /2\n use_backend sock if a", "/2", "sock /2"],
  ["acl a path_beg /2\n use_backend sock if !a", "/2", "pages /2"],
  ["acl a path_beg /2\n use_backend sock if a !a || a", "/2", "sock /2"],
];

describe("findWebSocket()", () => {
  for (const [body, path, wanted] of rows)
    it(`${body.replaceAll("\n", ";")} leads ${path ?? "by itself"} to ${wanted}`, () =>
      assert.equal(routeOf(body, path), wanted));
});

describe("addresses", () => {
  for (const [server, bind, same] of [
    ["unix@/run/a.sock", "/run/a.sock", true],
    ["abns@a", "abns@b", false],
    ["127.0.0.1:80", "*:80", true],
    ["127.0.0.1:81", ":80-90", true],
    ["10.0.0.1:80", "*:80", false],
    ["localhost:80", "[::]:80", true],
    ["ipv4@127.0.0.1:80", "127.0.0.1:80", true],
    ["fd@3", "fd@3", true],
  ] as const)
    it(`${server} ${same ? "is" : "is not"} ${bind}`, () =>
      assert.equal(isSameSocket(parseAddress(server), parseAddress(bind)), same));

  it("reads a port behind an IPv6 address", () => {
    assert.deepEqual(parseAddress("::1:8080"), { kind: "tcp", host: "::1", port: 8080, lastPort: 8080 });
  });
});
