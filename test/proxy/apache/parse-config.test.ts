import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { holds } from "#wsrally/proxy/apache/language/conditions.js";
import { maskConfigText } from "#wsrally/proxy/apache/language/mask-config.js";
import { parseConfig } from "#wsrally/proxy/apache/language/parse-config.js";
import { printConfig } from "#wsrally/proxy/apache/language/print-config.js";
import { readConfig } from "#wsrally/proxy/apache/language/read-config.js";
import { printWord, splitWords } from "#wsrally/proxy/apache/language/words.js";
import { isBelow } from "#wsrally/proxy/apache/route/sections.js";
import { parseTarget } from "#wsrally/proxy/apache/route/target.js";
import { withFolder } from "../../support/with-folder.js";

describe("an Apache config", () => {
  const lines: readonly (readonly [text: string, key: string, words: readonly string[]])[] = [
    ["/ws  ws://app:9000/ws", "proxypass", ["/ws", "ws://app:9000/ws"]],
    [`"a b" 'c "d"' e`, "header", ["a b", 'c "d"', "e"]],
    [String.raw`"a \"b\" \\ \n" c\\d`, "header", [String.raw`a "b" \ \n`, String.raw`c\d`]],
    [
      String.raw`^/a\ b "x y\" '"\\.' [P]`,
      "rewriterule",
      [String.raw`^/a\ b`, "x y\\", String.raw`"\\.`, "[P]"],
    ],
    [String.raw`^/a\\ b" 'c [P]`, "rewriterule", [String.raw`^/a\\ b"`, "c [P]"]],
  ];
  for (const [text, key, words] of lines)
    it(`has $textas its words, and writes them so that they are read back`, () => {
      assert.deepEqual(splitWords(text, key).words, words);
      const printed = words.map((word) => printWord(word, key)).join(" ");
      assert.deepEqual(splitWords(printed, key).words, words);
    });

  it("is read with its places, and printed on as many lines", () => {
    const text =
      "# a \\\nProxyPass none\nListen 80\n<VirtualHost *:80 >\n  ProxyPass / \\\n    http://a/\n</VirtualHost>\n";
    const tree = parseConfig(text, "a.conf");
    assert.deepEqual(
      tree.map(({ name, args, place }) => [name, args, place?.line]),
      [
        ["Listen", ["80"], 3],
        ["VirtualHost", ["*:80"], 4],
      ],
    );
    assert.deepEqual(tree[1]?.block?.[0]?.args, ["/", "http://a/"]);
    const printed = printConfig(tree);
    assert.deepEqual(
      printed.places.map((place) => place?.line),
      [3, 4, 5, 4],
    );
    assert.deepEqual(printConfig(parseConfig(printed.text, "b.conf")).text, printed.text);
  });

  it("knows all that Apache takes for a blank, and ends each line where it ends", () => {
    const [rule] = parseConfig("RewriteRule ^/a\vhttp://a/\f[P]\r\n", "a.conf");
    assert.deepEqual(rule?.args, ["^/a", "http://a/", "[P]"]);
    assert.match(printConfig(parseConfig("ServerAdmin a\\", "a.conf")).text, /a\\ \n$/);
  });

  const now = {
    defines: new Map([["SSL", ""]]),
    version: "2.4.62",
    hasModule: (name: string) => name === "ssl",
    hasFile: () => false,
  };
  const conditions: readonly (readonly [key: string, args: readonly string[], truth: boolean])[] = [
    ["ifmodule", ["mod_ssl.c"], true],
    ["ifmodule", ["ssl_module"], true],
    ["ifmodule", ["!mod_lua.c"], true],
    ["ifmodule", ["!ssl_module"], false],
    ["ifdefine", ["SSL"], true],
    ["ifdefine", ["!SSL"], false],
    ["ifversion", [">=", "2.4.47"], true],
    ["ifversion", ["<", "2.4"], false],
    ["ifversion", ["2.4"], true],
    ["ifversion", ["~", "^2\\.4"], true],
    ["ifversion", ["!=", "2.4.62"], false],
    ["ifdirective", ["SSLEngine"], true],
    ["ifdirective", ["Define"], true],
    ["ifdirective", ["RewriteRule"], false],
    ["iffile", ["/none"], false],
  ];
  for (const [key, args, truth] of conditions)
    it(`finds <$key$args.join(" ")> $truth`, () => assert.equal(holds(key, args, now), truth));

  it("fills in what it defines, and asks a stranger's for no variable", async () => {
    await withFolder(async (folder) => {
      const file = join(folder, "site.conf");
      const [open, path] = ["$" + "{", "PATH}"];
      writeFileSync(
        file,
        `Define PORT 9000\nProxyPass / http://a:${open}PORT}/\nHeader set X ${open}${path}\nUse A x\n`,
      );
      assert.throws(
        () => readConfig(file, { confinedTo: null, version: null }),
        /site\.conf:4: macro 'A' undefined/,
      );
      writeFileSync(
        file,
        `Define PORT 9000\nProxyPass / http://a:${open}PORT}/\nHeader set X ${open}${path}\n`,
      );
      const own = readConfig(file, { confinedTo: null, version: null });
      assert.deepEqual(own.tree[0]?.args, ["/", "http://a:9000/"]);
      assert.equal(own.tree[1]?.args[2], process.env.PATH);
      const foreign = readConfig(file, { confinedTo: [{ path: folder, tracked: null }], version: null });
      assert.equal(foreign.tree[1]?.args[2], `${open}${path}`);
    });
  });

  const masked: readonly (readonly [line: string, shown: string])[] = [
    ['RequestHeader set Authorization "Bearer abcdefgh1"', 'RequestHeader set Authorization "Bearer ***"'],
    ["SetEnv API_TOKEN abc", "SetEnv API_TOKEN ***"],
    ["ProxyPass / ajp://a:8009/ secret=abc", "ProxyPass / ajp://a:8009/ secret=***"],
    ["ProxyPass / http://user:pass@a/", "ProxyPass / http://***@a/"],
    ["RewriteCond %{HTTP:X-Token} !=abc", "RewriteCond %{HTTP:X-Token} !=***"],
    ["  Timeout 60", "  Timeout 60"],
  ];
  for (const [line, shown] of masked)
    it(`shows ${line} without its secret`, () => assert.equal(maskConfigText(line), shown));

  const targets: readonly (readonly [url: string, address: string | null, path: string])[] = [
    ["ws://app/chat", "app:80", "/chat"],
    ["wss://app", "app:443", ""],
    ["http://[::1]:9000/", "[::1]:9000", "/"],
    ["ws://app:9000$1", "app:9000", "$1"],
    ["ws://app:9000%{REQUEST_URI}", "app:9000", "%{REQUEST_URI}"],
    ["ws://%{HTTP_HOST}:9000/a", "%{HTTP_HOST}:9000", "/a"],
    ["balancer://app/", "app", "/"],
    ["unix:/run/a.sock|ws://localhost/ws", "unix:/run/a.sock", "/ws"],
    ["!", null, ""],
  ];
  for (const [url, address, path] of targets)
    it(`passes to ${address} by ${url}`, () => {
      const target = parseTarget(url);
      assert.equal(target?.address ?? null, address);
      if (target !== null) assert.equal(target.path, path);
    });

  it("has a Location for a path and what is below it", () => {
    const found = ["/ws", "/ws/", "/w*"].map((prefix) =>
      ["/ws", "/ws/a", "/wsa"].filter((path) => isBelow(prefix, path)),
    );
    assert.deepEqual(found, [["/ws", "/ws/a"], ["/ws/a"], ["/ws", "/ws/a", "/wsa"]]);
  });
});
