import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findWebSocketPath, parseConfigTree, viewConfig } from "#wsrally/proxy/nginx/explain/config-view.js";
import { isAtLeast } from "#wsrally/proxy/nginx/explain/nginx-versions.js";
import { secondsOf } from "#wsrally/proxy/nginx/language/nginx-times.js";

/** What a config's view takes to serve a path must be what adoption takes: nginx's own choice. */
describe("a view's locations are those that nginx takes", () => {
  const rows: readonly (readonly [locations: string, path: string, wanted: string])[] = [
    ["location / {} location /sock {}", "/sock", "/sock"],
    ["location / {} location /sock {}", "/sockets", "/sock"],
    ["location /sock/ {} location / {}", "/sock", "/"],
    ["location = /sock {} location /sock {}", "/sock", "= /sock"],
    ["location = /sock {} location /sock {}", "/sock/", "/sock"],
    ["location =/sock {} location / {}", "/sock", "=/sock"],
    ["location ~^/sock {} location / {}", "/sock", "~^/sock"],
    ["location ~*^/SOCK {} location / {}", "/sock", "~*^/SOCK"],
    ["location ^~/sock {} location ~ ck$ {}", "/sock", "^~/sock"],
    ["location /app { location ~ \\.ws$ {} } location ~ ws$ {}", "/app/a.ws", "/app > ~ \\.ws$"],
    ["location /sock {} location ~ ^/s {}", "/sock", "~ ^/s"],
    ["location ^~ /sock {} location ~ ^/s {}", "/sock", "^~ /sock"],
    ["location ~ ^/S {} location ~* ^/S {}", "/sock", "~* ^/S"],
    ["location ~ k$ {} location ~ ^/s {}", "/sock?a=/b", "~ k$"],
    ["location /a { location /a/b {} }", "/a/b/c", "/a > /a/b"],
    ["location @named {} location / {}", "/@named", "/"],
    ["location /other {}", "/sock", ""],
  ];
  for (const [locations, path, wanted] of rows) {
    it(`${locations} for ${path}: ${wanted || "none"}`, () => {
      const tree = parseConfigTree(
        `http { server { ${locations} location /proxied { proxy_pass http://b; } } }`,
      );
      const found = viewConfig(tree, path).locations;
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
