/**
 * Cuts nginx's config language into words, braces and semicolons. Lua code in a block is passed over.
 */
import { endOfLuaBlock } from "./lua-block.js";

export type NginxToken =
  | {
      readonly kind: "word";
      readonly value: string;
      readonly line: number;
      /** Where it stands in the text, with its quotes. */
      readonly start: number;
      readonly end: number;
    }
  /** `;` */
  | { readonly kind: "end"; readonly line: number }
  /** `{` */
  | { readonly kind: "open"; readonly line: number }
  /** `}` */
  | { readonly kind: "close"; readonly line: number };

const blank = /[ \t\r\n]/;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "\\": "\\",
  t: "\t",
  r: "\r",
  n: "\n",
};

/** nginx's own limit (NGX_CONF_BUFFER). */
const longestWord = 4096;

/** @param refuse makes the error to throw */
export function* tokenizeNginxConfig(
  text: string,
  refuse: (words: string, line: number) => Error,
): Generator<NginxToken> {
  const marks = { ";": "end", "{": "open", "}": "close" } as const;
  let at = 0;
  let line = 1;
  /** The first word of the directive that is being read. */
  let name: string | null = null;
  while (at < text.length) {
    const character = text[at] as string;
    if (character === "\n") line++;
    if (blank.test(character)) {
      at++;
    } else if (character === "#") {
      const end = text.indexOf("\n", at);
      at = end === -1 ? text.length : end;
    } else if (character === ";" || character === "{" || character === "}") {
      yield { kind: marks[character], line };
      at++;
      if (character === "{" && name?.endsWith("_by_lua_block")) {
        const end = endOfLuaBlock(text, at);
        if (end === null) throw refuse('unexpected end of file, expecting "}"', line);
        line += text.slice(at, end).split("\n").length - 1;
        at = end;
      }
      name = null;
    } else {
      const end = character === '"' || character === "'" ? endOfQuoted(text, at) : endOfWord(text, at);
      if (end === null) throw refuse(`unexpected end of file, expecting ${character} or ";"`, line);
      const raw = text.slice(at, end);
      if (raw.length >= longestWord)
        throw refuse(`too long parameter "${raw.slice(0, 10)}..." started`, line);
      // nginx takes a word to end there when it compares it, and so could take it for an include.
      if (raw.includes("\0")) throw refuse("a NUL byte", line);
      const quoted = end > at + 1 && (character === '"' || character === "'");
      name ??= raw;
      yield { kind: "word", value: resolveEscapes(quoted ? raw.slice(1, -1) : raw), line, start: at, end };
      line += raw.split("\n").length - 1;
      at = end;
      const next = text[at];
      if (quoted && next !== undefined && !blank.test(next) && !";{)".includes(next)) {
        throw refuse(`unexpected "${next}"`, line);
      }
    }
  }
}

/** @returns the index after the closing quote, or null when there is none */
function endOfQuoted(text: string, start: number): number | null {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === quote) return at + 1;
  }
  return null;
}

/** A bare word ends at a blank, `;` or `{`, except for the `{` of `${name}`. */
function endOfWord(text: string, start: number): number {
  let afterDollar = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at] as string;
    if (character === "{" && afterDollar) continue;
    if (character === ";" || character === "{" || blank.test(character)) return at;
    afterDollar = character === "$";
    if (character === "\\") at++;
  }
  return text.length;
}

function resolveEscapes(raw: string): string {
  return raw.replace(/\\(["'\\trn])/g, (_, character: string) => escapes[character] ?? character);
}
