import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { maskConfigText } from "#wsrally/proxy/caddy/language/mask-config.js";

describe("a Caddy config without its secrets", () => {
  const rows: readonly (readonly [text: string, shown: string])[] = [
    ['header_up Authorization "Bearer abc.def"', 'header_up Authorization "Bearer ***"'],
    ["request_header X-Api-Key s3cr3t-value", "request_header X-Api-Key ***"],
    ['header_up +Cookie "session=abcdef"', 'header_up +Cookie "session=***"'],
    ["@admin header X-Token abcdefgh", "@admin header X-Token ***"],
    ["basic_auth {\n\tbob $2a$14$abcdefghijkl\n}", "basic_auth {\n\tbob ***\n}"],
    ["acme_eab {\n\tmac_key zWNDZM6eQGHWpSRTPal5e\n}", "acme_eab {\n\tmac_key ***\n}"],
    ["tls {\n\tdns cloudflare abcdef-123\n}", "tls {\n\tdns cloudflare ***\n}"],
    ["acme_dns cloudflare {env.CF_TOKEN}", "acme_dns cloudflare {env.CF_TOKEN}"],
    ["header_up X-Api-Key {$API_KEY}", "header_up X-Api-Key {$API_KEY}"],
    ["reverse_proxy app:9000", "reverse_proxy app:9000"],
    ["header Cache-Control max-age=60", "header Cache-Control max-age=60"],
    ["reverse_proxy https://user:pass@app.test", "reverse_proxy https://***@app.test"],
    [
      '{\n "set": {\n  "Authorization": [\n   "Bearer abc.def"\n  ],\n  "X-A": ["b"]\n }\n}',
      '{\n "set": {\n  "Authorization": [\n   "Bearer ***"\n  ],\n  "X-A": ["b"]\n }\n}',
    ],
    ['{\n "password": "$2a$14$abc", "dial": "app:1"\n}', '{\n "password": "***", "dial": "app:1"\n}'],
  ];
  for (const [text, shown] of rows)
    it(`masks ${JSON.stringify(text)}`, () => {
      const found: string[] = [];
      const masked = maskConfigText(text, (value) => found.push(value));
      assert.equal(masked, shown);
      assert.equal(masked.split("\n").length, text.split("\n").length);
      assert.equal(maskConfigText(masked), masked, "the same when it is masked again");
      if (shown !== text) assert.ok(found.every((value) => !masked.includes(value)));
    });
});
