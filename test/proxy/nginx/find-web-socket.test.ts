import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Directive } from "#wsrally/proxy/nginx/language/nginx-tree.js";
import { parseNginxConfig } from "#wsrally/proxy/nginx/language/parse-nginx-config.js";
import { findWebSocket } from "#wsrally/proxy/nginx/route/find-web-socket.js";
import { selectLocation } from "#wsrally/proxy/nginx/route/select-location.js";
import { nameFit, sampleServerName } from "#wsrally/proxy/nginx/route/server-names.js";
import { literalValues } from "#wsrally/proxy/nginx/route/variable-values.js";
import { sampleString } from "#wsrally/proxy/patterns/sample-string.js";

function serverOf(body: string): Directive {
  const [server] = parseNginxConfig(`server { ${body} }`, "a.conf");
  assert.ok(server !== undefined);
  return server;
}

const samples: readonly (readonly [pattern: string, flags: string, sample: string | null])[] = [
  ["^/ws", "", "/ws"],
  ["^/ws/?$", "", "/ws"],
  ["^/(chat|live)/\\d+$", "", "/chat/1"],
  ["/socket\\.io/", "i", "/socket.io/"],
  ["\\.ws$", "", "/.ws"],
  ["^/[a-z]{3,8}/x", "", "/aaa/x"],
  ["^/[^/]+/ws", "", "/a/ws"],
  ["^/(?<room>\\w+)/(?:ws|sock)(/.*)?$", "", "/a/ws"],
  ["^/(?P<id>[[:alnum:]]+)", "", null],
  ["(?i)^/WS$", "", "/WS"],
  ["^/(?!api)[a-z]+$", "", null],
  ["^/(a)\\1", "", null],
  ["^/(unclosed", "", null],
  ["^/.*", "", "/"],
  ["^/a b$", "", null],
];

describe("sampleString()", () => {
  for (const [pattern, flags, sample] of samples) {
    it(`writes ${sample} for ${pattern}`, () => assert.equal(sampleString(pattern, flags, "/"), sample));
  }
});

describe("selectLocation()", () => {
  const server = serverOf(`
    location / { }
    location = /exact { }
    location ^~ /final/ { location /final/in { } }
    location /outer { location ~ \\.ws$ { } }
    location ~ ^/(final|pattern)/ { }
    location ~* \\.PNG$ { }
    location @named { }
    location =/tight { }`);
  for (const [path, words] of [
    ["/", ["/"]],
    ["/anything?x=/exact", ["/"]],
    ["/exact", ["= /exact"]],
    ["/exactly", ["/"]],
    ["/final/x", ["^~ /final/"]],
    ["/final/in/x", ["^~ /final/", "/final/in"]],
    ["/outer/a.ws", ["/outer", "~ \\.ws$"]],
    ["/outer/a.png", ["~* \\.PNG$"]],
    ["/pattern/x.png", ["~ ^/(final|pattern)/"]],
    ["/tight", ["=/tight"]],
  ] as const) {
    it(`sends ${path} to ${words.join(" > ")}`, () => {
      const chain = selectLocation(server, path).map(({ args }) => args.join(" "));
      assert.deepEqual(chain, words);
    });
  }
});

describe("server names", () => {
  for (const [names, sample] of [
    ["a.example.com b.example.com", "a.example.com"],
    ['_ ""', null],
    [".example.com", "example.com"],
    ["*.example.com", "www.example.com"],
    ["www.example.*", "www.example.example"],
    ['"~^(?<user>.+)\\.example\\.net$"', "a.example.net"],
    ["10.0.0.1", null],
  ] as const) {
    it(`asks ${names} for ${sample}`, () =>
      assert.equal(sampleServerName(serverOf(`server_name ${names};`)), sample));
  }

  it("prefers the exact name, then the longer wildcard, then a pattern", () => {
    const fits = ["a.b.c", "*.b.c", "*.c", "a.*", '"~^a"', "x.y"].map((names) =>
      nameFit(serverOf(`server_name ${names};`), "A.b.c:8080"),
    );
    assert.deepEqual(
      fits,
      [...fits].sort((a, b) => b - a),
    );
    assert.equal(fits.at(-1), 0);
    assert.equal(new Set(fits).size, fits.length);
  });
});

describe("literalValues()", () => {
  const tree = parseNginxConfig(
    `http {
      map $a $m { hostnames; default one; x $s; }
      map $a $n { default $http_x; }
      map $a $loop { default $loop; }
      server { set $s two; location / { set $s \${m}; set $t http://x; set $u "$m:80"; } }
    }`,
    "a.conf",
  );
  for (const [variable, values] of [
    ["$t", ["http://x"]],
    ["$m", null],
    ["$n", null],
    ["$loop", null],
    ["$u", null],
    ["$none", null],
  ] as const) {
    it(`knows ${variable} to be ${values}`, () => assert.deepEqual(literalValues(tree, variable), values));
  }
});

describe("findWebSocket()", () => {
  const upgrade = "proxy_set_header Upgrade $http_upgrade;";
  const find = (servers: string, wanted: { serverName?: string; path?: string } = {}) =>
    findWebSocket(
      parseNginxConfig(`http { ${servers} }`, "a.conf"),
      { serverName: wanted.serverName ?? null, path: wanted.path ?? null },
      "a.conf",
    );

  it("takes headers of a location for all there are", () => {
    const route = find(`server { ${upgrade}
      location /a { proxy_set_header Host x; proxy_pass http://a; }
      location /b { proxy_pass http://b; } }`);
    assert.deepEqual([route?.path, route?.upgrades], ["/b", true]);
  });

  it("does not take an emptied Upgrade header for one", () => {
    const route = find(`server { location /a { proxy_set_header Upgrade ""; proxy_pass http://a; } }`);
    assert.deepEqual([route?.path, route?.upgrades], ["/a", false]);
  });

  it("prefers the location that the given path leads to", () => {
    const route = find(
      `server { server_name a; location /x { ${upgrade} proxy_pass http://a; } }
       server { server_name b; location ~ ^/y { ${upgrade} proxy_pass http://b; } }`,
      { path: "/yes" },
    );
    assert.deepEqual([route?.serverName, route?.path], ["b", "/yes"]);
  });

  it("prefers the location that speaks of WebSockets where all pass the header on", () => {
    const route = find(`server { ${upgrade}
      location / { proxy_pass http://a; } location /api/ws/ { proxy_pass http://b; } }`);
    assert.equal(route?.path, "/api/ws/");
  });

  it("tells when no location that proxies takes the path given", () => {
    const servers = `server { location /a { ${upgrade} proxy_pass http://a; } }`;
    assert.equal(find(servers, { path: "/a/b" })?.leads, true);
    assert.equal(find(servers, { path: "/b" })?.leads, false);
  });

  it("does not ask for an internal location", () => {
    assert.throws(() => find(`server { location /in { internal; ${upgrade} proxy_pass http://a; } }`), {
      message: /Cannot tell a path that leads to `location \/in` \(a\.conf:1\): give one with --path/,
    });
  });

  it("says that the server asked for proxies nothing", () => {
    const servers = "server { server_name a; } server { server_name b; location / { proxy_pass http://b; } }";
    assert.throws(() => find(servers, { serverName: "a" }), {
      message: /Cannot measure the server a of a\.conf: it proxies nothing \(a\.conf:1\)/,
    });
    assert.equal(find("server { server_name a; }"), null);
  });
});
