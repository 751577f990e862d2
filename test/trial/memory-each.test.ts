/** What a connection is foretold to take, by the proxy that carries it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseArm } from "#wsrally/scenario/arm.js";
import { bytesEach } from "#wsrally/trial/foretell-limits.js";

describe("bytesEach()", () => {
  for (const [arm, tls, kibibytes] of [
    ["nginx", false, 42],
    ["nginx", true, 88],
    ["haproxy", false, 26],
    ["caddy", false, 121],
    ["traefik", true, 147],
    ["direct", false, 17],
    ["ws://127.0.0.1:1/sock", false, 17],
    ["embedded", false, 17],
  ] as const) {
    it(`is ${kibibytes} KiB through ${arm}${tls ? " with TLS" : ""}`, () => {
      const { target } = parseArm(arm);
      assert.equal(bytesEach({ plan: { target }, proxy: { tls } }), kibibytes * 1024);
    });
  }
});
