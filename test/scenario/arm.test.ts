import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "#wsrally/base/errors.js";
import { parseArm } from "#wsrally/scenario/arm.js";

describe("parseArm()", () => {
  const rows: readonly (readonly [text: string, name: string, target: object])[] = [
    ["nginx", "nginx", { kind: "proxy", proxy: "nginx", configFile: null }],
    [
      "nginx:conf/old.conf",
      "nginx-old",
      { kind: "proxy", proxy: "nginx", configFile: "conf/old.conf", confinedTo: null },
    ],
    ["a=nginx:b=c.conf", "a", { kind: "proxy", proxy: "nginx", configFile: "b=c.conf", confinedTo: null }],
    ["haproxy", "haproxy", { kind: "proxy", proxy: "haproxy", configFile: null }],
    [
      "haproxy:conf/old.cfg",
      "haproxy-old",
      { kind: "proxy", proxy: "haproxy", configFile: "conf/old.cfg", confinedTo: null },
    ],
    ["direct", "direct", { kind: "direct" }],
    ["ws=direct", "ws", { kind: "direct" }],
    ["embedded", "embedded", { kind: "embedded" }],
    ["ws://127.0.0.1:80/a?b=c", "127.0.0.1", { kind: "url", url: "ws://127.0.0.1/a?b=c" }],
    ["up=wss://host:8443/x", "up", { kind: "url", url: "wss://host:8443/x" }],
  ];
  for (const [text, name, target] of rows) {
    it(`reads ${text}`, () => {
      const arm = parseArm(text);
      assert.equal(arm.name, name);
      assert.deepEqual(arm.target, target);
    });
  }

  it("names a variant after what was set", () => {
    assert.equal(parseArm("nginx", { proxy_buffering: "off" }).name, "nginx-proxy_buffering-off");
    assert.equal(parseArm("haproxy", { "timeout tunnel": "5s" }).name, "haproxy-timeout-tunnel-5s");
  });

  for (const [text, fault] of [
    ["apache2", /Unknown arm "apache2" \(did you mean apache\?\)/],
    ["httpd:httpd.conf", /did you mean apache\?/],
    ["hapoxy:x.cfg", /Unknown arm "hapoxy:x\.cfg" \(did you mean haproxy\?\)/],
    ["Nginx", /did you mean nginx\?/],
    ["squid", /Unknown arm "squid": want nginx, nginx:FILE, haproxy, haproxy:FILE, caddy, caddy:FILE/],
    ["haproxy:", /names no file: want haproxy:FILE/],
    ["", /Unknown arm/],
    ["nginx:", /names no file/],
    ["direct:x", /takes no config/],
    ["ws://", /no valid URL/],
    ["ws://h/#f", /fragment/],
    ["a b=nginx", /Cannot name an arm "a b"/],
    ["http://h/", /Unknown arm "http:\/\/h\/" \(ws:\/\/h\/ perhaps; a WebSocket's URL starts with/],
    ["https://h:8443/x", /\(wss:\/\/h:8443\/x perhaps; /],
    ["localhost:8080", /\(ws:\/\/localhost:8080 perhaps\)/],
    ["full.conf", /did you mean nginx:full\.conf\?/],
    ["conf/haproxy.cfg", /did you mean haproxy:conf\/haproxy\.cfg\?/],
    ["ngnix", /did you mean nginx\?/],
    ["dirct", /did you mean direct\?/],
  ] as const) {
    it(`rejects ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseArm(text),
        (error) => error instanceof UsageError && fault.test(error.message),
      );
    });
  }

  it("rejects settings on what has no built-in config", () => {
    assert.throws(() => parseArm("direct", { tls: "on" }), UsageError);
    assert.throws(() => parseArm("nginx:x.conf", { tls: "on" }), UsageError);
  });
});
