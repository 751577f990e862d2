import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { type ConfigTree, directivesOf, directiveText } from "#wsrally/proxy/caddy/language/config-tree.js";
import { printConfig } from "#wsrally/proxy/caddy/language/print-config.js";
import { readConfig } from "#wsrally/proxy/caddy/language/read-config.js";
import { readWords } from "#wsrally/proxy/caddy/language/read-words.js";
import { ConfigRefusedError } from "#wsrally/proxy/config-refused-error.js";
import { withFolder } from "../../support/with-folder.js";

const words = (text: string): string[] => readWords(text, "f").map((word) => word.text);

describe("words of a Caddyfile", () => {
  const rows: readonly (readonly [text: string, words: readonly string[]])[] = [
    ["a b\tc", ["a", "b", "c"]],
    ["a # b\nc#d", ["a", "c#d"]],
    ['a "b \\"c\\" \\d" e', ["a", 'b "c" \\d', "e"]],
    ['`a "b" \\`c', ['a "b" \\', "c"]],
    ["a \\\n  b", ["a", "b"]],
    ['"a\nb"', ["a\nb"]],
    ["respond <<END\n  one\n    two\n  END 200", ["respond", "one\n  two", "200"]],
    ["respond <<a b", ["respond", "<<a", "b"]],
    ["a\\b \\<<x", ["a\\b", "<<x"]],
    ["\uFEFFa\r\nb", ["a", "b"]],
    ['a"b c', ['a"b', "c"]],
    ["{http.request.uri} {$X}", ["{http.request.uri}", "{$X}"]],
  ];
  for (const [text, expected] of rows)
    it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(words(text), expected));

  it("knows their lines, over continued ones, quotes and heredocs", () => {
    const found = readWords('a \\\nb\n"c\n" d\n<<E\nx\nE\ne', "f");
    assert.deepEqual(
      found.map(({ text, place, startsLine }) => [text, place.line, startsLine]),
      [
        ["a", 1, true],
        ["b", 2, false],
        ["c\n", 3, true],
        ["d", 4, false],
        ["x", 5, true],
        ["e", 8, true],
      ],
    );
  });

  it("has no end of its own for a quote or a heredoc without one", () => {
    for (const text of ['a "b', "a `b", "a <<E\nb"])
      assert.throws(() => readWords(text, "f"), /no end|incomplete heredoc/);
  });
});

/** The trees of files in a folder, the first of which is the config. */
async function read(files: Readonly<Record<string, string>>): Promise<{ tree: ConfigTree; folder: string }> {
  let found: { tree: ConfigTree; folder: string } | null = null;
  await withFolder(async (folder) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const file = join(folder, Object.keys(files)[0] as string);
    found = { tree: readConfig(file, null).tree, folder };
  });
  return found ?? assert.fail();
}

const texts = (tree: ConfigTree): string[] => [...directivesOf(tree)].map(directiveText);

describe("a Caddyfile", () => {
  it("has global options, snippets with arguments, named routes and sites", async () => {
    const { tree } = await read({
      Caddyfile: `{
	email a@b.test
}
(up) {
	header X {args[0]}
	reverse_proxy {args[1:]} {
		{block}
	}
}
&(app) {
	respond hi
}
a.test,
b.test {
	import up one app:1 app:2 {
		flush_interval -1
	}
	invoke app
}
`,
    });
    assert.deepEqual(
      tree.map(({ kind, keys }) => [kind, ...keys.map(({ text }) => text)]),
      [["global"], ["named-route", "app"], ["site", "a.test", "b.test"]],
    );
    assert.deepEqual(texts(tree).slice(2), [
      "header X one",
      "reverse_proxy app:1 app:2",
      "flush_interval -1",
      "invoke app",
    ]);
  });

  it("needs no braces for one site alone", async () => {
    const { tree } = await read({ Caddyfile: ":80\nreverse_proxy app:1\nencode gzip\n" });
    assert.deepEqual([tree.length, texts(tree)], [1, ["reverse_proxy app:1", "encode gzip"]]);
  });

  it("imports files by pattern, from where the import stands, and keeps their places", async () => {
    const { tree, folder } = await read({
      Caddyfile: "import sites/*.caddy\n",
      "sites/a.caddy": "a.test {\n\timport ../common\n}\n",
      "sites/.hidden.caddy": "hidden.test {\n}\n",
      common: "\nencode gzip\n",
    });
    assert.deepEqual(
      [...directivesOf(tree)].map(({ place }) => place),
      [{ file: join(folder, "common"), line: 2 }],
    );
  });

  it("has its variables filled in before it is read", async () => {
    process.env.WSRALLY_TEST_PORT = "8123";
    const { tree } = await read({
      Caddyfile: ":{$WSRALLY_TEST_PORT} {\n\trespond {$NOT_SET:fallback} {$NOT_SET}\n}\n",
    });
    delete process.env.WSRALLY_TEST_PORT;
    assert.deepEqual([tree[0]?.keys[0]?.text, texts(tree)], [":8123", ["respond fallback"]]);
  });

  const refused: readonly (readonly [text: string, words: RegExp])[] = [
    ["a {\n\tencode gzip\n", /unexpected end of file.*Caddyfile:1/],
    ["a.test{\n}\n", /cannot end with a curly brace.*Caddyfile:1/],
    [":80 {\n\timport nowhere\n}\n", /File to import not found: nowhere, at .*Caddyfile:2/],
    [":80 {\n}\n{\n}\n", /must have an address.*Caddyfile:3/],
    ["import Caddyfile\n", /more than 2000 imports/],
    [':80 {\n\trespond "x\n}\n', /a quote has no end, at .*Caddyfile:2/],
  ];
  for (const [text, says] of refused)
    it(`is refused: ${JSON.stringify(text)}`, () =>
      assert.rejects(
        read({ Caddyfile: text }),
        (thrown) => thrown instanceof ConfigRefusedError && says.test(thrown.message),
      ));

  it("is the same again when it was printed and read", async () => {
    const text = `a.test {
	respond "two words" 200
	respond \`{"a": 1}\`
	@x header Connection *Upgrade*
	handle @x {
		header "X Y" "\\"quoted\\" \`ticks\`"
		header Empty ""
		reverse_proxy {
			to app:1
		}
	}
	respond /h <<E
		one
		  {two}
		E
	vars {
	}
}
`;
    const { tree } = await read({ Caddyfile: text });
    const printed = printConfig(tree);
    const again = await read({ Caddyfile: printed.text });
    assert.deepEqual(texts(again.tree), texts(tree));
    const line = printed.text.split("\n").findIndex((one) => one.includes("to app:1"));
    assert.equal(printed.places[line]?.line, 9);
  });
});

describe("a JSON config", () => {
  it("is told in a Caddyfile's words, with its own lines", async () => {
    const { tree } = await read({
      "caddy.json": `{
 "apps": {"http": {"servers": {"a": {
  "listen": [":8080"],
  "routes": [
   {"match": [{"path": ["/ws*"], "header": {"Upgrade": ["websocket"]}}],
    "handle": [
     {"handler": "headers", "request": {"delete": ["Upgrade"]}},
     {"handler": "reverse_proxy",
      "stream_timeout": "1h",
      "transport": {"protocol": "http", "tls": {}, "read_timeout": 30000000000},
      "upstreams": [{"dial": "app:1"}]}
    ]}
  ]}}}}
}`,
    });
    const lines = [...directivesOf(tree)].map((line) => [directiveText(line), line.place.line]);
    assert.deepEqual(lines, [
      ["@apps.http.servers.a.routes.0", 5],
      ["path /ws*", 5],
      ["header Upgrade websocket", 5],
      ["route @apps.http.servers.a.routes.0", 5],
      ["request_header -Upgrade", 7],
      ["reverse_proxy https://app:1", 8],
      ["stream_timeout 1h", 9],
      ["transport http", 10],
      ["read_timeout 30000000000", 10],
      ["tls", 10],
    ]);
  });

  it("is refused with its line", async () => {
    await assert.rejects(
      read({ "caddy.json": '{\n "apps": {\n  "http": nothing\n }\n}' }),
      /invalid JSON at "nothing".*:3/,
    );
  });
});
