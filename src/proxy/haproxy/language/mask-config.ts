/**
 * A config's secrets, as far as they can be told: passwords, credentials in headers, what is compared with a secret, and
 * whatever has a secret's name. They are masked line for line; names, variables of the environment and comments' words stay.
 */
import {
  type Found,
  isSecretName,
  mask,
  maskCredentials,
  maskHeader,
  maskText,
} from "../../../base/mask-secrets.js";
import { printWord, splitLine } from "./words.js";

/** The text without its secrets, on as many lines. */
export function maskConfigText(text: string, found: Found = () => undefined): string {
  return text
    .split("\n")
    .map((line) => maskLine(line, found))
    .join("\n");
}

/** As it was written, unless a word of it is masked. */
function maskLine(line: string, found: Found): string {
  // What stands for a variable stays one.
  const { words, trouble } = splitLine(line, (name) => `\${${name}}`);
  const shown = shownWords(words, found);
  const isSame = trouble !== null || shown.every((word, at) => word === words[at]);
  const written = isSame ? line : `${/^\s*/.exec(line)?.[0] ?? ""}${shown.map(printWord).join(" ")}`;
  return maskText(written, found);
}

/** A line's words, its name first, in one, for whoever quotes them. */
export function quotedWords(words: readonly string[]): string {
  return maskText(shownWords(words, () => undefined).join(" "));
}

/** Whose next word is a secret, whose is a header's name, and behind which a comparison begins. */
const passwords = new Set(["password", "insecure-password"]);
const headerSetters = /^(?:set|add|replace)-header$|^hdr$/;
const variableSetters = new Set(["setenv", "presetenv"]);
const fetches = /(?:hdr|cook|param|urlp)\w*\(([^,)]+)/;
const flag = /^(?:-|str$|beg$|end$|sub$|reg$|found$|dir$|dom$|len$|int$)/;
const ends = /^(?:\}|\|\||&&|or|if|unless)$/;

/** A line's words, its name first, as they may be shown. */
function shownWords(words: readonly string[], found: Found): string[] {
  const shown = [...words];
  const hide = (at: number, by: (word: string) => string): void => {
    const word = shown[at];
    if (word !== undefined) shown[at] = by(word);
  };
  for (const [at, word] of words.entries()) {
    const next = words[at + 1] ?? "";
    const credentials = (value: string): string => maskCredentials(value, found);
    if (passwords.has(word)) hide(at + 1, credentials);
    else if (word === "auth" && words[at - 1] === "stats") hide(at + 1, (value) => maskUser(value, found));
    else if (headerSetters.test(word)) hide(at + 2, (value) => maskHeader(next, value, found));
    else if (variableSetters.has(word) && isSecretName(next)) hide(at + 2, credentials);
    else if (isSecretFetch(word)) {
      for (let of = at + 1; of < words.length && !ends.test(words[of] ?? ""); of++)
        if (!flag.test(words[of] ?? "")) hide(of, credentials);
    }
  }
  return shown;
}

/** `req.hdr(authorization)`, `cook(session)`, `url_param(token)` */
function isSecretFetch(word: string): boolean {
  const name = fetches.exec(word)?.[1];
  return name !== undefined && (/cook\w*\(/.test(word) || isSecretName(name));
}

/** `admin:secret` */
function maskUser(word: string, found: Found): string {
  const colon = word.indexOf(":");
  const secret = word.slice(colon + 1);
  if (colon === -1 || secret === mask) return word;
  found(secret);
  return `${word.slice(0, colon + 1)}${mask}`;
}
