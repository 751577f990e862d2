import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { directiveText, sitesOf } from "#wsrally/proxy/caddy/language/config-tree.js";
import { parseConfig } from "#wsrally/proxy/caddy/language/parse-config.js";
import { readWords } from "#wsrally/proxy/caddy/language/read-words.js";
import { siteAddresses, upstreamWords } from "#wsrally/proxy/caddy/route/addresses.js";
import { findWebSocket, type WebSocketRoute } from "#wsrally/proxy/caddy/route/find-web-socket.js";
import { followRoute } from "#wsrally/proxy/caddy/route/follow-route.js";
import { webSocketRequest } from "#wsrally/proxy/caddy/route/request.js";

function treeOf(text: string): ReturnType<typeof parseConfig> {
  return parseConfig(readWords(text, "f"), { file: "f", importFile: () => [] });
}

/** Where a browser's request for `/ws/a` ends: the directive that takes it, and the path as it is there. */
function endOf(lines: string, path = "/ws/a", connection = "Upgrade"): string {
  const tree = treeOf(`:80 {\n${lines}\n}\n`);
  const site = sitesOf(tree)[0] ?? assert.fail();
  const { end, path: left } = followRoute(site, webSocketRequest({ path, host: "a.test", connection }), tree);
  const shown = end.kind === "nothing" ? "nothing" : directiveText(end.line);
  return left === path ? shown : `${shown} as ${left}`;
}

describe("the way of a request", () => {
  const rows: readonly (readonly [lines: string, end: string])[] = [
    ["reverse_proxy app:1", "reverse_proxy app:1"],
    ["reverse_proxy /ws app:1", "nothing"],
    ["reverse_proxy /ws* app:1", "reverse_proxy /ws* app:1"],
    ["reverse_proxy /WS/* app:1", "reverse_proxy /WS/* app:1"],
    ["reverse_proxy app:1\nreverse_proxy /ws* app:2", "reverse_proxy /ws* app:2"],
    ["reverse_proxy /ws* app:1\nreverse_proxy /ws/* app:2", "reverse_proxy /ws/* app:2"],
    ["reverse_proxy /ws* app:1\nrespond 404", "respond 404"],
    ["reverse_proxy /ws* app:1\nredir https://b.test{uri}", "redir https://b.test{uri}"],
    ["reverse_proxy /ws* app:1\nhandle {\nfile_server\n}", "file_server"],
    ["handle /ws* {\nreverse_proxy app:1\n}\nhandle {\nrespond no\n}", "reverse_proxy app:1"],
    ["handle {\nrespond no\n}\nhandle /ws* {\nreverse_proxy app:1\n}", "reverse_proxy app:1"],
    ["handle_path /ws/* {\nreverse_proxy app:1\n}", "reverse_proxy app:1 as /a"],
    ["handle /ws* {\nheader X y\n}\nreverse_proxy app:1", "reverse_proxy app:1"],
    ["route {\nrespond /x no\nreverse_proxy app:1\nrespond no\n}", "reverse_proxy app:1"],
    ["route {\nrespond no\nreverse_proxy app:1\n}", "respond no"],
    ["try_files {path} /index.html\nreverse_proxy /ws* app:1\nfile_server", "file_server as /index.html"],
    ["try_files {path} =404\nreverse_proxy /ws* app:1", "try_files {path} =404"],
    ["uri strip_prefix /ws\nreverse_proxy app:1", "reverse_proxy app:1 as /a"],
    ["rewrite /ws/* /socket{uri}\nreverse_proxy app:1", "reverse_proxy app:1 as /socket/ws/a"],
    ["@w header Upgrade websocket\nreverse_proxy @w app:1\nfile_server", "reverse_proxy @w app:1"],
    [
      "@w {\nheader Connection *Upgrade*\nheader Upgrade websocket\n}\nreverse_proxy @w app:1",
      "reverse_proxy @w app:1",
    ],
    ["@w header Connection upgrade\nreverse_proxy @w app:1\nfile_server", "file_server"],
    ["@w not path /ws*\nrespond @w no\nreverse_proxy app:1", "reverse_proxy app:1"],
    ["@w not {\npath /x*\n}\nrespond @w no\nreverse_proxy app:1", "respond @w no"],
    ["@w path_regexp ^/ws/\nreverse_proxy @w app:1", "reverse_proxy @w app:1"],
    ["@w method POST\nreverse_proxy @w app:1", "nothing"],
    ["@w host b.test\nreverse_proxy @w app:1", "nothing"],
    ["@w protocol https\nreverse_proxy @w app:1", "nothing"],
    [
      "request_header -Upgrade\n@w header Upgrade *\nhandle @w {\nrespond up\n}\nreverse_proxy app:1",
      "reverse_proxy app:1",
    ],
    ["@w remote_ip 10.0.0.0/8\nrespond @w no\nreverse_proxy app:1", "reverse_proxy app:1"],
    ["basic_auth {\na b\n}\nreverse_proxy app:1", "reverse_proxy app:1"],
    ["php_fastcgi php:9000\nreverse_proxy /ws* app:1", "reverse_proxy /ws* app:1"],
    ["encode gzip\ntls internal\nlog", "nothing"],
  ];
  for (const [lines, end] of rows)
    it(`through ${JSON.stringify(lines)} ends at ${end}`, () => assert.equal(endOf(lines), end));

  it("is another for Firefox where Connection is compared whole", () => {
    const lines = "@w header Connection Upgrade\nreverse_proxy @w app:1\nfile_server";
    assert.deepEqual(
      [endOf(lines), endOf(lines, "/ws/a", "keep-alive, Upgrade")],
      ["reverse_proxy @w app:1", "file_server"],
    );
  });

  it("follows `order` of the global options, and named routes", () => {
    const tree = treeOf(
      "{\norder respond after reverse_proxy\n}\n&(app) {\nreverse_proxy app:1\n}\n:80 {\nrespond no\ninvoke app\n}\n",
    );
    const site = sitesOf(tree)[0] ?? assert.fail();
    const { end } = followRoute(site, webSocketRequest({ path: "/", host: null }), tree);
    assert.equal(end.kind, "proxy");
  });
});

describe("the WebSocket of a config", () => {
  const found = (
    text: string,
    path: string | null = null,
    serverName: string | null = null,
  ): WebSocketRoute => findWebSocket(treeOf(text), { path, serverName }, "f") ?? assert.fail();
  const shown = ({ address, path, followed: { end } }: WebSocketRoute): string =>
    `${address.text} ${path} ${end.kind === "proxy" ? end.line.args.at(-1)?.text : end.kind}`;

  const rows: readonly (readonly [text: string, found: string])[] = [
    ["a.test {\nreverse_proxy app:1\n}\n", "a.test / app:1"],
    ["a.test {\nreverse_proxy app:1\nreverse_proxy /ws/* app:2\n}\n", "a.test /ws/ app:2"],
    ["a.test {\nreverse_proxy /api/* app:1\nreverse_proxy /hub* app:2\n}\n", "a.test /hub app:2"],
    [
      "a.test {\nreverse_proxy app:1\n}\nws.b.test {\nreverse_proxy app:2 {\nstream_close_delay 1m\n}\n}\n",
      "ws.b.test / app:2",
    ],
    [
      "a.test {\n@w header Upgrade websocket\nreverse_proxy @w app:1\nreverse_proxy app:2\n}\n",
      "a.test / app:1",
    ],
    ["a.test {\nhandle /socket* {\nreverse_proxy app:1\n}\nreverse_proxy app:2\n}\n", "a.test /socket app:1"],
    ["http://a.test, https://a.test {\nreverse_proxy app:1\n}\n", "https://a.test / app:1"],
    ["a.test {\nreverse_proxy /ws app:1\nrespond no\n}\n", "a.test /ws answer"],
  ];
  for (const [text, expected] of rows)
    it(`is ${expected} in ${JSON.stringify(text)}`, () => assert.equal(shown(found(text)), expected));

  it("is the site's that the user names, or there is none", () => {
    const text = "a.test {\nreverse_proxy app:1\n}\n*.b.test {\nreverse_proxy app:2\n}\n";
    assert.equal(shown(found(text, "/x", "c.b.test")), "*.b.test /x app:2");
    assert.throws(() => found(text, null, "c.test"), /its sites are a\.test, \*\.b\.test/);
  });
});

describe("addresses", () => {
  const sites: readonly (readonly [head: string, port: number, tls: boolean])[] = [
    ["a.test", 443, true],
    ["http://a.test", 80, false],
    ["a.test:80", 80, false],
    [":8080", 8080, false],
    [":443", 443, true],
    ["https://:8443", 8443, true],
    ["localhost:9000", 9000, true],
    ["http://127.0.0.1:9000/p*", 9000, false],
  ];
  for (const [head, port, tls] of sites)
    it(`of a site: ${head}`, () => {
      const tree = treeOf(`${head} {\n}\n`);
      const [address] = siteAddresses(sitesOf(tree)[0] ?? assert.fail(), tree);
      assert.deepEqual([address?.port, address?.tls], [port, tls]);
    });

  const upstreams: readonly (readonly [line: string, dial: string, tls: boolean])[] = [
    ["reverse_proxy app:9000", "app:9000", false],
    ["reverse_proxy app", "app:80", false],
    ["reverse_proxy /ws* https://app", "app:443", true],
    ["reverse_proxy h2c://app:1", "app:1", false],
    ["reverse_proxy unix//run/a.sock", "unix//run/a.sock", false],
    ["reverse_proxy {\nto app:1\ntransport http {\ntls\n}\n}", "app:1", true],
  ];
  for (const [line, dial, tls] of upstreams)
    it(`of an upstream: ${JSON.stringify(line)}`, () => {
      const proxy = treeOf(`:80 {\n${line}\n}\n`)[0]?.lines[0] ?? assert.fail();
      const [upstream] = upstreamWords(proxy);
      assert.deepEqual([upstream?.dial, upstream?.tls], [dial, tls]);
    });
});
