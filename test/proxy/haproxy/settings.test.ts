import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "#wsrally/base/errors.js";
import { printConfig } from "#wsrally/proxy/haproxy/language/print-config.js";
import { parseHaproxySettings, settableNames } from "#wsrally/proxy/haproxy/run/settings.js";
import { builtInConfig } from "#wsrally/proxy/haproxy/run/template.js";
import { fc } from "../../support/seeded-fast-check.js";

function textOf(set: Readonly<Record<string, string>>): string {
  return printConfig(builtInConfig(parseHaproxySettings(set), 100, 2), { keepsSource: false }).text;
}

describe("--set on the built-in HAProxy config", () => {
  for (const [set, line] of [
    [{ "timeout tunnel": "5m" }, /^ {2}timeout tunnel 5m$/m],
    [{ maxconn: "7" }, /^ {2}maxconn 7$/m],
    [{ "frontend maxconn": "9" }, /frontend wsrally\n(?: {2}.*\n)* {2}maxconn 9$/m],
    [{ "server maxconn": "3" }, /server s2 @wsrally-backend-1@ maxconn 3$/m],
    [{ "option http-server-close": "on" }, /^ {2}option http-server-close$/m],
    [{ "option http-server-close": "off" }, /^ {2}no option http-server-close$/m],
    [{ "bind backlog": "5", "bind tfo": "on" }, /bind @wsrally-listen-0@ backlog 5 tfo$/m],
    [{ tls: "on", "bind ssl-min-ver": "TLSv1.3" }, /ssl crt run\.pem .*ssl-min-ver TLSv1\.3$/m],
    [{ mode: "tcp" }, /option tcplog/],
    [{ "tune.bufsize": "32768" }, /^ {2}tune\.bufsize 32768$/m],
  ] as const)
    it(JSON.stringify(set), () => assert.match(textOf(set), line));

  it("takes the place of what stands there", () => {
    assert.equal(textOf({ "timeout tunnel": "5m" }).match(/timeout tunnel/g)?.length, 1);
  });

  for (const [set, words] of [
    [{ maxcon: "1" }, /Did you mean maxconn\?/],
    [{ "timeout-tunnel": "1s" }, /Did you mean timeout tunnel\?/],
    [{ tunnel: "1s" }, /Did you mean timeout tunnel\?/],
    [{ maxconn: "many" }, /want a whole number/],
    [{ "bind tfo": "maybe" }, /want on or off/],
    [{ "bind alpn": "h2" }, /without TLS/],
    [{ balance: "a\nserver x" }, /cannot stand in a value/],
    [{ balance: '"$HOME"' }, /cannot stand in a value/],
    [{ balance: " " }, /to nothing/],
  ] as const)
    it(`refuses ${JSON.stringify(set)}`, () =>
      assert.throws(
        () => parseHaproxySettings(set),
        (thrown) => thrown instanceof UsageError && words.test(thrown.message),
      ));

  it("lets no value add a line", () => {
    const lines = textOf({}).split("\n").length;
    fc.assert(
      fc.property(
        fc.constantFrom(...settableNames.filter((name) => name === "balance" || name === "http-reuse")),
        fc.string(),
        (name, value) => {
          let text: string;
          try {
            text = textOf({ [name]: value });
          } catch (thrown) {
            assert.ok(thrown instanceof UsageError);
            return;
          }
          assert.equal(text.split("\n").length, lines + 1);
        },
      ),
    );
  });
});
