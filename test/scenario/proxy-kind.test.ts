import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findScenario } from "#wsrally/scenario/find-scenario.js";
import { configFileOf, kindByFileName } from "#wsrally/scenario/proxy-kind.js";

describe("kindByFileName()", () => {
  const rows: readonly (readonly [file: string, kind: string])[] = [
    ["nginx.conf", "nginx"],
    ["deploy/site.conf", "nginx"],
    ["origin/main:deploy/nginx.conf", "nginx"],
    ["haproxy.cfg", "haproxy"],
    ["origin/main:edge/lb.cfg", "haproxy"],
    ["haproxy/sites/app.conf", "haproxy"],
    ["HAProxy.conf", "haproxy"],
    ["envoy.yaml", "envoy"],
    ["edge/envoy-front.json", "envoy"],
    ["haproxy/nginx.conf", "nginx"],
    ["config", "nginx"],
    ["Caddyfile", "caddy"],
    ["origin/main:Caddyfile", "caddy"],
    ["deploy/site.caddyfile", "caddy"],
    ["etc/caddy/caddy.json", "caddy"],
  ];
  for (const [file, kind] of rows)
    it(`takes ${file} for ${kind}'s`, () => assert.equal(kindByFileName(file), kind));
});

describe("configFileOf()", () => {
  const rows: readonly (readonly [arm: string, file: string | null])[] = [
    ["nginx:a/b.conf", "a/b.conf"],
    ["haproxy:origin/main:lb.cfg", "origin/main:lb.cfg"],
    ["haproxy", null],
    ["direct", null],
    ["ws://nginx:80/", null],
  ];
  for (const [arm, file] of rows) it(`finds ${file} in ${arm}`, () => assert.equal(configFileOf(arm), file));
});

describe("findScenario()", () => {
  for (const arm of ["haproxy:lb.yaml", "a=nginx:lb.yaml", "nginx:lb.json", "b.c=wss://h/x.json"])
    it(`leaves ${arm} to be an arm`, () => assert.equal(findScenario(arm), null));
  it("names the file that it cannot read", () => {
    assert.throws(
      () => findScenario("no-such.yaml"),
      /Cannot read the scenario no-such\.yaml: there is no such file/,
    );
  });
});
