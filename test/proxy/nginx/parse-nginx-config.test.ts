import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConfigRefusedError } from "#wsrally/proxy/config-refused-error.js";
import type { Directive } from "#wsrally/proxy/nginx/language/nginx-tree.js";
import { parseNginxConfig } from "#wsrally/proxy/nginx/language/parse-nginx-config.js";
import { printNginxConfig } from "#wsrally/proxy/nginx/language/print-nginx-config.js";
import { fc } from "../../support/seeded-fast-check.js";

/** A tree without its places, for comparing what was read with what was meant. */
type Bare = readonly [name: string, args: readonly string[], block: readonly Bare[] | null];

function bare(tree: readonly Directive[]): Bare[] {
  return tree.map(({ name, args, block }) => [name, args, block === null ? null : bare(block)]);
}

const wellFormed: { what: string; text: string; tree: readonly Bare[] }[] = [
  { what: "an empty file", text: "", tree: [] },
  { what: "comments alone", text: "# a\n  # b { } ;", tree: [] },
  { what: "a plain directive", text: "worker_processes auto;", tree: [["worker_processes", ["auto"], null]] },
  {
    what: "quoted semicolons",
    text: `log_format x '$a ; "b" {c}' "d;e";`,
    tree: [["log_format", ["x", '$a ; "b" {c}', "d;e"], null]],
  },
  {
    what: "an empty word",
    text: "map a b { '' close; }",
    tree: [["map", ["a", "b"], [["", ["close"], null]]]],
  },
  {
    what: "escaped quotes",
    text: String.raw`a "x\"y\\z" 'it\'s';`,
    tree: [["a", [String.raw`x"y\z`, "it's"], null]],
  },
  {
    what: "escaped blanks",
    text: String.raw`a b\ c "d\te";`,
    tree: [["a", [String.raw`b\ c`, "d\te"], null]],
  },
  {
    what: "a regular expression's backslashes",
    text: String.raw`location ~ \.php$ { deny all; }`,
    tree: [["location", ["~", String.raw`\.php$`], [["deny", ["all"], null]]]],
  },
  { what: "a braced variable", text: `set $a $${"{b}c"};`, tree: [["set", ["$a", `$${"{b}c"}`], null]] },
  { what: "a hash within a word", text: "a b#c;# d\n", tree: [["a", ["b#c"], null]] },
  { what: "a quote within a word", text: `a b"c;`, tree: [["a", [`b"c`], null]] },
  { what: "a closing brace within a word", text: "a b}c;", tree: [["a", ["b}c"], null]] },
  {
    what: "no blank before a brace",
    text: "a{b{c 1;}}",
    tree: [["a", [], [["b", [], [["c", ["1"], null]]]]]],
  },
  {
    what: "a bracket after a quoted word",
    text: `if ($a = "b") { return 1; }`,
    tree: [["if", ["($a", "=", "b", ")"], [["return", ["1"], null]]]],
  },
  {
    what: "Windows line ends",
    text: "a b;\r\nc d;\r\n",
    tree: [
      ["a", ["b"], null],
      ["c", ["d"], null],
    ],
  },
];

const malformed: { text: string; words: string }[] = [
  { text: "a b", words: 'unexpected end of file, expecting ";" or "}" in x.conf:1' },
  { text: "a {\n b;\n", words: 'unexpected end of file, expecting "}" in x.conf:2' },
  { text: "a;\n}", words: 'unexpected "}" in x.conf:2' },
  { text: "a {\n b }", words: 'unexpected "}" in x.conf:2' },
  { text: "a;\n;", words: 'unexpected ";" in x.conf:2' },
  { text: "\n{", words: 'unexpected "{" in x.conf:2' },
  { text: `a "b"c;`, words: 'unexpected "c" in x.conf:1' },
  { text: `a "b;`, words: "unexpected end of file" },
];

const awkwardText = fc.string({
  unit: fc.constantFrom(..."abz09$_.-/~^*()[]{};#\"'\\ \t\n=:,@é"),
  maxLength: 8,
});
const { tree: anyTree } = fc.letrec<{ tree: Directive[]; node: Directive }>((tie) => ({
  tree: fc.array(tie("node"), { maxLength: 4 }),
  node: fc.record({
    name: awkwardText,
    args: fc.array(awkwardText, { maxLength: 4 }),
    block: fc.option(tie("tree"), { depthSize: "small", maxDepth: 4 }),
    origin: fc.constant(null),
  }),
}));

describe("parseNginxConfig()", () => {
  for (const { what, text, tree } of wellFormed) {
    it(`reads ${what}`, () => assert.deepEqual(bare(parseNginxConfig(text, "x.conf")), tree));
  }

  for (const { text, words } of malformed) {
    it(`refuses ${JSON.stringify(text)} in nginx's words`, () => {
      assert.throws(
        () => parseNginxConfig(text, "x.conf"),
        (thrown) => thrown instanceof ConfigRefusedError && thrown.message.includes(words),
      );
    });
  }

  it("knows the line of every directive", () => {
    const tree = parseNginxConfig('a 1;\n\nb {\n  c "x\ny"\n 2;\n  d;\n}\n', "x.conf");
    assert.deepEqual(tree[0]?.origin, { file: "x.conf", line: 1 });
    assert.deepEqual(tree[1]?.origin, { file: "x.conf", line: 3 });
    assert.deepEqual(
      tree[1]?.block?.map(({ origin }) => origin?.line),
      [4, 7],
    );
  });
});

describe("printNginxConfig()", () => {
  it("writes what parseNginxConfig() reads back as the same tree", () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        const { text, origins } = printNginxConfig(tree);
        const again = parseNginxConfig(text, "x.conf");
        assert.deepEqual(bare(again), bare(tree));
        assert.equal(printNginxConfig(again).text, text);
        assert.equal(origins.length, text.split("\n").length - 1);
      }),
      { numRuns: 500 },
    );
  });

  it("tells each printed line's origin", () => {
    const { text, origins } = printNginxConfig(
      parseNginxConfig("a;\n# gone\n\nb { c 'x\ny'; d; }", "x.conf"),
    );
    const lines = text.split("\n");
    assert.equal(lines.indexOf("    d;"), 4);
    assert.deepEqual(
      origins.map((origin) => origin?.line),
      [1, 4, 4, 4, 5, 4],
    );
  });
});

describe("Lua code in a config", () => {
  for (const code of [
    "",
    'if a then b("}") end',
    "t = { { 1 }, 2 }",
    "-- a brace }\n x = 1",
    "--[==[ } ]] } ]==] x = '}'",
    's = [[ } ]] .. "\\"}"',
  ]) {
    it(`ends where Lua ends it: ${JSON.stringify(code)}`, () => {
      const [block, next] = parseNginxConfig(`access_by_lua_block { ${code} }\nuser x;`, "a.conf");
      assert.deepEqual([block?.name, block?.block], ["access_by_lua_block", []]);
      assert.equal(next?.name, "user");
      assert.equal(next?.origin?.line, 2 + code.split("\n").length - 1);
    });
  }

  it("says that it never ends", () => {
    assert.throws(() => parseNginxConfig("a_by_lua_block { '}' ", "a.conf"), {
      message: /unexpected end of file, expecting "}" in a\.conf:1/,
    });
  });
});
