import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { printWord, splitLine } from "#wsrally/proxy/haproxy/language/words.js";
import { fc } from "../../support/seeded-fast-check.js";

const variables: Readonly<Record<string, string>> = { HOME: "/root", LIST: "a b  c" };
const read = (name: string): string | null => variables[name] ?? null;

/** Each as HAProxy 2.6 and 2.8 print it for `.notice`. */
const rows: readonly (readonly [string, readonly string[]])[] = [
  ["plain words  here", ["plain", "words", "here"]],
  [`'a "b" $HOME c'`, ['a "b" $HOME c']],
  [`"x $HOME y \${HOME} z"`, ["x /root y /root z"]],
  ['"a\\"b\\\\c\\$d\\ e\\#f\\tg\\x41\\q"', ['a"b\\c$d e#f\tgA\\q']],
  [`a\\ b\\#c\\"d\\'e\\\\f\\x41\\tq\\qz`, [`a b#c"d'e\\fA\tq\\qz`]],
  [`ab"cd"'ef'gh`, ["abcdefgh"]],
  ["$HOME", ["$HOME"]],
  [`"\${NOPE-dflt} \${NOPE} $NOPE|"`, ["dflt  |"]],
  ["'single \\x41 \\'", ["single \\x41 \\"]],
  ['"un # quoted" # comment', ["un # quoted"]],
  ["unq#uoted", ["unq"]],
  [`"\${LIST[*]}"`, ["a", "b", "c"]],
  ['""', [""]],
  ["\\$x", ["\\$x"]],
];

describe("splitLine()", () => {
  for (const [text, words] of rows) {
    it(`reads ${text}`, () =>
      assert.deepEqual(splitLine(text, read), {
        words,
        trouble: null,
        variables: splitLine(text, read).variables,
      }));
  }

  it("tells the variables that a line asks for", () => {
    assert.deepEqual(splitLine(`server a "\${HOST}:80" "$PORT" \${NO}`, read).variables, ["HOST", "PORT"]);
  });

  for (const text of ['"open', "'open", "\\xg1", '"${open"', '"$1"']) {
    it(`finds fault with ${text}`, () => assert.notEqual(splitLine(text, read).trouble, null));
  }

  it("reads what was printed, whatever it is, and asks no variable for it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme" }).filter((word) => !word.includes("\0"))),
        (words) => {
          const split = splitLine(words.map(printWord).join(" "), read);
          assert.deepEqual(split, { words, variables: [], trouble: null });
        },
      ),
    );
  });

  it("never throws", () => {
    const signs = fc.constantFrom("\\", '"', "'", "$", "{", "}", "#", " ", "x", "4", "[*]", "a", "-", "\t");
    fc.assert(fc.property(fc.array(signs), (parts) => void splitLine(parts.join(""), read)));
  });
});
