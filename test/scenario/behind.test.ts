import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "#wsrally/base/errors.js";
import { behindText, readBehind } from "#wsrally/scenario/behind.js";
import { parseScenario } from "#wsrally/scenario/parse-scenario.js";
import { carriesToken, tokenQuery } from "#wsrally/websocket/run-token.js";
import { resolveAsWritten } from "../support/resolve-as-written.js";

describe("readBehind()", () => {
  for (const text of ["127.0.0.1:9000", "10.0.0.7:1,10.0.0.8:65535", "lab-7.example:80", "[::1]:9000"]) {
    it(`reads ${text}, and writes it as it was`, () => {
      assert.equal(readBehind(text)?.map(behindText).join(","), text);
    });
  }
  for (const text of [
    "",
    "127.0.0.1",
    ":9000",
    "127.0.0.1:0",
    "127.0.0.1:65536",
    "::1:9000",
    "[127.0.0.1]:9000",
    "a:1,",
    "a:1,a:1",
    "ws://a:1",
    "a:1/x",
  ]) {
    it(`takes ${JSON.stringify(text)} for no addresses`, () => assert.equal(readBehind(text), null));
  }
});

describe("a scenario with behind", () => {
  const faultOf = (text: string): string => {
    try {
      resolveAsWritten(parseScenario(text, "s.yaml"), { name: "s", overrides: {} });
    } catch (thrown) {
      assert.ok(thrown instanceof UsageError);
      return thrown.message;
    }
    return "";
  };
  const rows: readonly (readonly [string, string, RegExp])[] = [
    ["a URL's arm", "arms: [ws://a/b, nginx]\nworkload: { behind: '127.0.0.1:9000' }", /^$/],
    ["no URL", "arms: [nginx]\nworkload: { behind: '127.0.0.1:9000' }", /want an arm that is its ws:\/\//],
    ["no address", "arms: [ws://a/b]\nworkload: { behind: here }", /:2: workload\.behind: want ADDRESS:PORT/],
    [
      "a token alone",
      "arms: [ws://a/b]\nworkload: { token: a-long-word }",
      /workload\.token: goes with behind/,
    ],
    [
      "a token that no header takes",
      "arms: [ws://a/b]\nworkload: { behind: 'a:1', token: 'a b c d e' }",
      /workload\.token: want 8 to 128 letters/,
    ],
    [
      "somebody else's backend",
      "arms: [ws://a/b]\nworkload: { behind: 'a:1', upstream: as-configured }",
      /workload\.upstream: cannot stand beside behind/,
    ],
  ];
  for (const [what, text, words] of rows)
    it(`is held to its words: ${what}`, () => assert.match(faultOf(text), words));
});

describe("carriesToken()", () => {
  const token = "a-word-of-ours";
  const rows: readonly (readonly [string, string, boolean])[] = [
    [token, "/sock", true],
    ["another", "/sock", false],
    ["another", `/sock${tokenQuery("/sock", token)}`, true],
    ["another", `/sock?a=b${tokenQuery("/sock?a=b", token)}`, true],
    ["another", `/sock?a=wsrally-token=${token}`, false],
    ["another", `/sock?wsrally-token=${token}x`, false],
  ];
  for (const [value, target, carried] of rows) {
    it(`${carried ? "finds" : "misses"} it in ${value} ${target}`, () => {
      const fields = [{ name: "wsrally-token", value }];
      assert.equal(carriesToken({ fields, target }, token), carried);
    });
  }
});
