import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { demandHttp2 } from "#wsrally/proxy/demand-http2.js";
import { parseArm } from "#wsrally/scenario/arm.js";

/** Null: it may be tried. */
const rows: readonly (readonly [arm: string, words: RegExp | null])[] = [
  ["haproxy", null],
  ["haproxy:site.cfg", null],
  ["caddy", null],
  ["envoy", null],
  ["wss://example.test/", null],
  ["apache:site.conf", null],
  ["apache", null],
  ["nginx", /Cannot load nginx over HTTP\/2: nginx takes no WebSockets/],
  ["nginx:site.conf", /nginx takes no WebSockets/],
  ["traefik", /answers 501/],
  ["direct", null],
  ["embedded", null],
];

describe("over HTTP/2", () => {
  for (const [text, words] of rows)
    it(`${text} ${words === null ? "may be tried" : "is refused in one line"}`, () => {
      const { name, target } = parseArm(text);
      const demand = (): void => demandHttp2(name, target);
      if (words === null) assert.doesNotThrow(demand);
      else assert.throws(demand, words);
    });
});
