import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseConfig } from "#wsrally/proxy/traefik/language/parse-config.js";
import { findWebSocket } from "#wsrally/proxy/traefik/route/find-web-socket.js";
import { type RuleSyntax, ruleHolds } from "#wsrally/proxy/traefik/route/match-rule.js";
import { parseRule } from "#wsrally/proxy/traefik/route/parse-rule.js";
import { browserRequest } from "#wsrally/proxy/traefik/route/request.js";
import { sampleOf } from "#wsrally/proxy/traefik/route/sample-request.js";

const request = browserRequest({ path: "/a//ws/../ws?token=x", host: "App.test:8080", tls: false });

function holds(rule: string, syntax: RuleSyntax = "v3"): boolean | null | "unread" {
  const parsed = parseRule(rule);
  return parsed === null ? "unread" : ruleHolds(parsed, request, syntax);
}

describe("a rule of version 3", () => {
  const rows: readonly (readonly [rule: string, holds: boolean | null | "unread"])[] = [
    ["Host(`app.test`)", true],
    ['host("APP.TEST.")', true],
    ["Host(`app.test:8080`)", false],
    ["HostRegexp(`^.+\\.test$`)", true],
    ["Path(`/a/ws`)", true],
    ["Path(`/a/ws/`)", false],
    ["PathPrefix(`/a`) && !Method(`POST`)", true],
    ["PathPrefix(`/A`)", false],
    ["PathRegexp(`/ws$`)", true],
    ["Header(`Upgrade`, `websocket`) && Header(`Connection`, `Upgrade`)", true],
    ["HeaderRegexp(`Connection`, `keep-alive`)", false],
    ["Query(`token`, `x`) || Host(`b`)", true],
    ["QueryRegexp(`token`, `^y`)", false],
    ["(Host(`b`) || PathPrefix(`/a`)) && Host(`app.test`)", true],
    ["ClientIP(`10.0.0.0/8`)", false],
    ["Unknown(`x`)", null],
    ["Unknown(`x`) && Host(`b`)", false],
    ["Host(`a`", "unread"],
    ["", "unread"],
    ["Host(a)", "unread"],
    ["Host(`a`) Host(`b`)", "unread"],
    [`${"(".repeat(200)}Host(\`a\`)${")".repeat(200)}`, "unread"],
  ];
  for (const [rule, expected] of rows)
    it(`${expected === "unread" ? "is none" : `${expected}`}: ${rule.slice(0, 60)}`, () => {
      assert.equal(holds(rule), expected);
    });
});

describe("a rule of version 2", () => {
  const rows: readonly (readonly [rule: string, holds: boolean | null])[] = [
    ["Host(`b`, `app.test`)", true],
    ["HostRegexp(`{sub:[a-z]+}.test`)", true],
    ["HostRegexp(`{sub:[a-z]{2}}.test`)", false],
    ["PathPrefix(`/{any}/ws`)", true],
    ["Path(`/{any:[a-z]}`)", false],
    ["Headers(`Upgrade`, `websocket`) && Query(`token=x`)", true],
  ];
  for (const [rule, expected] of rows)
    it(`${expected}: ${rule}`, () => {
      assert.equal(holds(rule, "v2"), expected);
    });
});

describe("a request that a rule takes", () => {
  for (const [rule, host, path] of [
    ["Host(`App.test`) && PathPrefix(`/ws`)", "app.test", "/ws"],
    ["PathRegexp(`^/ws/[0-9]+$`)", null, "/ws/0"],
    ["!Path(`/x`) && HostRegexp(`^[a-z]+\\.test$`)", "a.test", null],
  ] as const)
    it(`is made of ${rule}`, () => {
      assert.deepEqual(sampleOf({ rule, syntax: "v3" }), { host, path });
    });
});

const servers = "loadBalancer: {servers: [{url: 'http://a:1'}]}";

function found(
  install: string | null,
  routers: string,
  question: { path?: string; serverName?: string } = {},
) {
  const routing = parseConfig(
    "routes.yml",
    `http:\n  routers: {${routers}}\n  middlewares: {https: {redirectScheme: {scheme: https}}}\n  services: {app: {${servers}}, chat: {${servers}}}`,
  );
  const parts = { install: install === null ? null : parseConfig("traefik.yml", install), routing };
  const route = findWebSocket(parts, { path: null, serverName: null, ...question }, "routes.yml");
  return route === null
    ? null
    : [
        route.meant.router.name,
        route.way?.router.name ?? null,
        route.entryPoint.name,
        route.path,
        route.host,
        route.tls,
      ];
}

describe("the WebSocket of a config", () => {
  const install =
    "entryPoints: {web: {address: ':80', http: {redirections: {entryPoint: {to: websecure}}}}, websecure: {address: ':443', http: {tls: {}}}}";
  const app = "app: {rule: 'Host(`a.test`)', service: app}";
  it("is the router that is called so, at the entry point that does not redirect", () => {
    const chat = "chat: {rule: 'Host(`a.test`) && PathPrefix(`/chat`)', service: chat}";
    assert.deepEqual(found(install, `${app}, ${chat}`), [
      "chat",
      "chat",
      "websecure",
      "/chat",
      "a.test",
      true,
    ]);
    assert.deepEqual(found(install, app), ["app", "app", "websecure", "/", "a.test", true]);
    assert.deepEqual(found(install, `${app}, ${chat}`, { path: "/x" })?.slice(0, 2), ["chat", "app"]);
    assert.deepEqual(found(install, `${app}, ${chat}`, { serverName: "app" })?.slice(0, 2), ["app", "app"]);
    assert.throws(
      () => found(install, app, { serverName: "none" }),
      /no router, service.* called so; there are app, web/,
    );
  });

  it("is taken by the longer rule, whichever is meant", () => {
    const routers = "ws: {rule: 'Path(`/ws`)', service: chat}, all: {rule: 'PathPrefix(`/`)', service: app}";
    assert.deepEqual(found(null, routers), ["ws", "all", "web", "/ws", null, false]);
    assert.deepEqual(
      found(null, routers.replace("service: chat", "service: chat, priority: 100"))?.slice(0, 2),
      ["ws", "ws"],
    );
  });

  it("is at the entry point that its router names, with TLS where that or the router has it", () => {
    assert.deepEqual(
      found(null, "a: {rule: 'PathPrefix(`/`)', service: app, entryPoints: [other], tls: {}}"),
      ["a", "a", "other", "/", null, true],
    );
    const asked = "entryPoints: {web: {address: ':80'}, own: {address: ':81', asDefault: true}}";
    assert.equal(found(asked, app)?.[2], "own");
    assert.deepEqual(found(asked, "ws: {rule: 'PathPrefix(`/`)', service: app, entryPoints: [wss]}"), [
      "ws",
      null,
      "web",
      "/",
      null,
      false,
    ]);
    assert.equal(found(asked, ""), null);
  });
});
