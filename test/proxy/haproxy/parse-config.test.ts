import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConfigRefusedError } from "#wsrally/proxy/config-refused-error.js";
import type { ConfigTree } from "#wsrally/proxy/haproxy/language/config-tree.js";
import { effective, modeOf, secondsOf } from "#wsrally/proxy/haproxy/language/effective.js";
import { createEnvironment } from "#wsrally/proxy/haproxy/language/environment.js";
import { parseConfig } from "#wsrally/proxy/haproxy/language/parse-config.js";
import { printConfig } from "#wsrally/proxy/haproxy/language/print-config.js";
import { fc } from "../../support/seeded-fast-check.js";

const program = {
  version: "2.8.25",
  build: "Feature list : -51DEGREES +OPENSSL +LUA\nRunning on OpenSSL version : OpenSSL 3.0.15",
};

function parse(text: string, outside: Record<string, string> = {}): ConfigTree {
  const environment = createEnvironment(outside, ["site.cfg"], "2.8.25");
  return parseConfig([{ name: "site.cfg", text }], environment, program);
}

function linesOf(tree: ConfigTree): string[] {
  return tree.flatMap(({ lines }) => lines.map(({ name, args }) => [name, ...args].join(" ")));
}

const conditions: readonly (readonly [string, boolean])[] = [
  ["defined(SET)", true],
  ["!defined(SET)", false],
  ["defined(HAPROXY_BRANCH)", true],
  ["version_atleast(2.8)", true],
  ["version_atleast(2.8.26)", false],
  ["version_before(3.0)", true],
  ["feature(OPENSSL) && feature(LUA)", true],
  ["feature(51DEGREES) || feature(QUIC)", false],
  ["openssl_version_atleast(3.0)", true],
  ['streq("$SET",yes)', true],
  ["strneq(a,a)", false],
  ["(0 || 1) && !(1 && 0)", true],
  ["", false],
];

describe("parseConfig()", () => {
  for (const [condition, holds] of conditions) {
    it(`takes .if ${condition} for ${holds}`, () => {
      const text = `global\n  .if ${condition}\n  maxconn 1\n  .else\n  maxconn 2\n  .endif\n`;
      assert.deepEqual(linesOf(parse(text, { SET: "yes" })), [`maxconn ${holds ? 1 : 2}`]);
    });
  }

  it("takes the first .elif that holds, and reads no words of the others", () => {
    const text =
      'global\n.if 0\n "open\n.elif 1\n maxconn 2\n .if 0\n maxconn 9\n .endif\n.elif 1\n maxconn 3\n.else\n \\x\n.endif\n';
    assert.deepEqual(linesOf(parse(text)), ["maxconn 2"]);
  });

  it("knows variables that the config sets, and lets the environment's stand before presetenv", () => {
    const text = `global\n setenv A one\n presetenv B two\n unsetenv C\ndefaults\n log-tag "$A$B\${C-three}"\n`;
    assert.deepEqual(linesOf(parse(text, { B: "given", C: "x" })).at(-1), "log-tag onegiventhree");
  });

  it("gives sections the defaults before them, or those that they name", () => {
    const tree = parse(
      "defaults a\n mode http\n timeout client 1s\ndefaults b from a\n timeout client 2s\ndefaults\n mode tcp\nfrontend x\nfrontend y from b\nbackend z from a\n timeout client 3s\n",
    );
    const of = (name: string): unknown[] => {
      const section = tree.find((one) => one.name === name && one.kind !== "defaults");
      assert.ok(section);
      return [modeOf(section, tree).mode, effective(section, tree, ["timeout", "client"])?.args[1]];
    };
    assert.deepEqual(
      [of("x"), of("y"), of("z")],
      [
        ["tcp", undefined],
        ["http", "2s"],
        ["http", "3s"],
      ],
    );
  });

  for (const [text, words] of [
    ["frontend a\n bind :80", /Missing LF on last line, .* position 10 in site\.cfg:2/],
    ['frontend a\n bind ":80\n', /unmatched double quote in site\.cfg:2/],
    ["bind :80\n", /unknown keyword 'bind' out of section in site\.cfg:1/],
    [".if 1\nglobal\n", /\.if without \.endif/],
    [".else\n", /lone '\.else'/],
    ["global\n.if nonsense(1)\n.endif\n", /unknown predicate 'nonsense' in site\.cfg:2/],
    ["global\n.alert 'not here'\n", /not here/],
    ["global\n maxconn \0\n", /NUL/],
  ] as const) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parse(text),
        (thrown) => thrown instanceof ConfigRefusedError && words.test(thrown.message),
      );
    });
  }

  it("reads what it prints as the same lines", () => {
    const word = fc
      .string({ minLength: 1, maxLength: 12, unit: "grapheme" })
      .filter((text) => !/[\0]/.test(text));
    fc.assert(
      fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), (lines) => {
        const own = lines.map((args) => ({
          name: "option",
          args,
          negated: false,
          source: null,
          variables: [],
          place: null,
        }));
        const tree = [{ kind: "global", name: null, from: null, args: [], lines: own, place: null }];
        assert.deepEqual(linesOf(parse(printConfig(tree, { keepsSource: false }).text)), linesOf(tree));
      }),
    );
  });

  it("says no to garbage with a place, and nothing worse", () => {
    const part = fc.constantFrom(
      "global",
      "\n",
      " ",
      ".if",
      ".endif",
      ".elif",
      "0",
      "(",
      ")",
      "&&",
      '"',
      "'",
      "\\",
      "no",
      "#",
      "bind",
      "defined(",
      "frontend",
      "from",
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        try {
          parse(parts.join(" "));
        } catch (thrown) {
          assert.ok(thrown instanceof ConfigRefusedError, String(thrown));
          assert.match(thrown.words, /site\.cfg:\d+$/);
        }
      }),
    );
  });
});

describe("secondsOf()", () => {
  for (const [text, seconds] of [
    ["5000", 5],
    ["5s", 5],
    ["1h", 3600],
    ["2m", 120],
    ["500us", 0.0005],
    ["1d", 86_400],
    ["5x", null],
  ] as const)
    it(`reads ${text}`, () => assert.equal(secondsOf(text), seconds));
});
