/** What of an HAProxy config is shown, line for line, and that it stays as it was written where nothing is secret. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { lineText } from "#wsrally/proxy/haproxy/language/config-tree.js";
import { maskConfigText } from "#wsrally/proxy/haproxy/language/mask-config.js";
import { splitLine } from "#wsrally/proxy/haproxy/language/words.js";

const rows: readonly (readonly [written: string, shown: string])[] = [
  ["  user ann insecure-password abc", "  user ann insecure-password ***"],
  ["  user ann password $5$abc groups a", "  user ann password *** groups a"],
  ["  stats auth admin:abc", "  stats auth admin:***"],
  [
    '  http-request set-header Authorization "Basic abc"',
    "  http-request set-header Authorization 'Basic ***'",
  ],
  [
    '  http-request set-header Authorization "Bearer $TOKEN"',
    '  http-request set-header Authorization "Bearer $TOKEN"',
  ],
  ["  http-request set-header X-Forwarded-Proto https", "  http-request set-header X-Forwarded-Proto https"],
  [
    '  http-response add-header Set-Cookie "sid=abc; Path=/"',
    "  http-response add-header Set-Cookie 'sid=***; Path=/'",
  ],
  [
    "  http-check send meth GET uri /x?key=abc hdr Authorization abc",
    "  http-check send meth GET uri /x?key=*** hdr Authorization ***",
  ],
  ["  acl known req.hdr(x-api-key) -m str abc def", "  acl known req.hdr(x-api-key) -m str *** ***"],
  ["  acl known cook(sid) abc", "  acl known cook(sid) ***"],
  ["  acl host hdr(host) -i a.example", "  acl host hdr(host) -i a.example"],
  [
    "  http-request deny if { req.hdr(authorization) abc } !known",
    "  http-request deny if { req.hdr(authorization) *** } !known",
  ],
  ["  presetenv API_TOKEN abc", "  presetenv API_TOKEN ***"],
  ["  setenv TZ UTC", "  setenv TZ UTC"],
  [
    "  http-request redirect location https://h/?code=abc",
    "  http-request redirect location https://h/?code=***",
  ],
  ["  # password=abc", "  # password=***"],
  ["  server a 127.0.0.1:80 cookie a check", "  server a 127.0.0.1:80 cookie a check"],
  ["  cookie SRV insert indirect nocache", "  cookie SRV insert indirect nocache"],
  ["  bind :443 ssl crt /etc/site.pem", "  bind :443 ssl crt /etc/site.pem"],
  ['  "unfinished password=abc', '  "unfinished password=***'],
];

describe("maskConfigText() of HAProxy", () => {
  for (const [written, shown] of rows) {
    it(`shows ${written.trim()}`, () => {
      assert.equal(maskConfigText(written), shown);
      assert.equal(maskConfigText(shown), shown);
    });
  }

  it("quotes no line with its secret, in findings, changes and refusals", () => {
    for (const [written, shown] of rows) {
      const { words } = splitLine(written, (name) => `\${${name}}`);
      const [name = "", ...args] = words;
      const text = lineText({ name, args, negated: false });
      assert.equal(/\babc\b|\bdef\b/.test(text), false, text);
      // A comment is no line of the config.
      assert.equal(text.includes("***"), words.length > 0 && shown.includes("***"), text);
    }
  });

  it("tells what it masked", () => {
    const found: string[] = [];
    maskConfigText(rows.map(([written]) => written).join("\n"), (value) => found.push(value));
    assert.ok(found.length >= 12 && found.every((value) => /abc|def/.test(value)), `${found}`);
  });

  it("leaves every config of the corpus as it is", () => {
    const folder = "test/proxy/haproxy/corpus";
    let compared = 0;
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".cfg"))) {
      const text = readFileSync(join(folder, name), "utf8");
      if (/password|auth|token|secret|cook|[?]/i.test(text)) continue;
      compared++;
      assert.equal(maskConfigText(text), text, name);
    }
    assert.ok(compared > 0);
  });
});
