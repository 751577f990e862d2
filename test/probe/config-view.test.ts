import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { secondsOf } from "#wsrally/probe/config/config-times.js";
import { findWebSocketPath, parseConfigTree, viewConfig } from "#wsrally/probe/config/config-view.js";
import { findLocations } from "#wsrally/probe/config/find-location.js";
import { isAtLeast } from "#wsrally/probe/config/nginx-versions.js";
import type { Directive } from "#wsrally/proxy/nginx/nginx-tree.js";

function serverOf(locations: string): Directive {
  const [http] = parseConfigTree(`http { server { ${locations} } }`);
  const server = http?.block?.[0];
  assert.ok(server);
  return server;
}

describe("findLocations() takes the location that nginx takes", () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ["location / {} location /sock {}", "/sock", "/sock"],
    ["location / {} location /sock {}", "/sockets", "/sock"],
    ["location /sock/ {} location / {}", "/sock", "/"],
    ["location = /sock {} location /sock {}", "/sock", "= /sock"],
    ["location = /sock {} location /sock {}", "/sock/", "/sock"],
    ["location /sock {} location ~ ^/s {}", "/sock", "~ ^/s"],
    ["location ^~ /sock {} location ~ ^/s {}", "/sock", "^~ /sock"],
    ["location ~ ^/S {} location ~* ^/S {}", "/sock", "~* ^/S"],
    ["location ~ k$ {} location ~ ^/s {}", "/sock", "~ k$"],
    ["location /a { location /a/b {} }", "/a/b/c", "/a > /a/b"],
    ["location @named {} location / {}", "/@named", "/"],
    ["location /other {}", "/sock", ""],
  ];
  for (const [locations, path, wanted] of rows) {
    it(`${locations} for ${path}: ${wanted || "none"}`, () => {
      const found = findLocations(serverOf(locations), path);
      assert.equal(found.map(({ args }) => args.join(" ")).join(" > "), wanted);
    });
  }
});

describe("findWebSocketPath()", () => {
  const upgrade = "proxy_pass http://b; proxy_set_header Upgrade $http_upgrade;";
  const rows: readonly (readonly [string, string])[] = [
    [`location / { ${upgrade} }`, "/sock"],
    [`location /ws { ${upgrade} } location / { proxy_pass http://b; }`, "/ws"],
    [`location = /chat { ${upgrade} }`, "/chat"],
    [`location ~ ^/live(/|$) { ${upgrade} }`, "/live/"],
    ["location /api { proxy_pass http://b; } location / { root /srv; }", "/api"],
    ["location / { root /srv; }", "/sock"],
  ];
  for (const [locations, wanted] of rows) {
    it(`${locations}: ${wanted}`, () => {
      assert.equal(findWebSocketPath(parseConfigTree(`http { server { ${locations} } }`), "/sock"), wanted);
    });
  }
});

describe("a config's view", () => {
  it("has the directives of the innermost block that has any", () => {
    const tree = parseConfigTree(
      "http { proxy_read_timeout 1s; proxy_set_header A 1; server { location / { proxy_set_header B 2; proxy_pass http://b; } } }",
    );
    const view = viewConfig(tree, "/sock");
    assert.deepEqual(
      view.effective("proxy_set_header").map(({ args }) => args),
      [["B", "2"]],
    );
    assert.deepEqual(
      view.effective("proxy_read_timeout").map(({ args }) => args),
      [["1s"]],
    );
    assert.deepEqual(view.effective("limit_conn"), []);
  });
});

describe("secondsOf()", () => {
  for (const [text, wanted] of [
    ["60", 60],
    ["60s", 60],
    ["500ms", 0.5],
    ["1h30m", 5400],
    ["1d", 86_400],
    ["1M", 2_592_000],
    ["soon", null],
    ["10x", null],
    ["", null],
  ] as const) {
    it(`${JSON.stringify(text)} is ${wanted}`, () => assert.equal(secondsOf(text), wanted));
  }
});

describe("isAtLeast()", () => {
  for (const [version, wanted, holds] of [
    ["1.29.7", "1.29.7", true],
    ["1.29.6", "1.29.7", false],
    ["1.31.3", "1.29.7", true],
    ["1.9.15", "1.29.7", false],
    ["2.0.0", "1.29.7", true],
    [null, "1.29.7", false],
  ] as const) {
    it(`${version} against ${wanted}: ${holds}`, () => assert.equal(isAtLeast(version, wanted), holds));
  }
});
