/**
 * A config's secrets, as far as they can be told: passwords, credentials in headers and URLs, what is compared with a
 * secret, and whatever has a secret's name. They are masked line for line; names, variables and comments' words stay.
 */
import {
  type Found,
  isSecretName,
  maskCredentials,
  maskHeader,
  maskText,
} from "../../../base/mask-secrets.js";
import { printWord, splitWords } from "./words.js";

/** The text without its secrets, on as many lines. */
export function maskConfigText(text: string, found: Found = () => undefined): string {
  return text
    .split("\n")
    .map((line) => maskLine(line, found))
    .join("\n");
}

/** As it was written, unless a word of it is masked. */
function maskLine(line: string, found: Found): string {
  const [, indent = "", name = "", rest = ""] = /^(\s*)(\S+)(.*)$/s.exec(line) ?? [];
  if (name === "") return line;
  const { words, spans } = splitWords(rest, name.toLowerCase());
  const shown = shownWords([name, ...words], found).slice(1);
  let written = "";
  let at = 0;
  for (const [index, [start, end]] of spans.entries()) {
    const is = shown[index] as string;
    const same = is === words[index];
    written += rest.slice(at, start) + (same ? rest.slice(start, end) : printWord(is, name.toLowerCase()));
    at = end;
  }
  return maskText(`${indent}${name}${written}${rest.slice(at)}`, found);
}

/** A directive's words, its name first, in one, for whoever quotes them. */
export function quotedWords(words: readonly string[]): string {
  return maskText(shownWords(words, () => undefined).join(" "));
}

/** Whose last word is a secret. */
const passwords =
  /^(?:SSLProxyMachineCertificatePassword|SessionCryptoPassphrase|AuthFormSitePassphrase|AuthLDAPBindPassword|DBDParams)$/i;

/** A directive's words, its name first, as they may be shown. */
function shownWords(words: readonly string[], found: Found): string[] {
  const [name = "", ...args] = words;
  const shown = [...words];
  const key = name.toLowerCase();
  const credentials = (at: number): void => {
    const word = shown[at];
    if (word !== undefined) shown[at] = maskCredentials(word, found);
  };
  if (passwords.test(name)) for (const at of args.keys()) credentials(at + 1);
  else if (key === "header" || key === "requestheader") {
    const at = /^(?:always|onsuccess)$/i.test(words[1] ?? "") ? 3 : 2;
    if (words[at + 1] !== undefined) shown[at + 1] = maskHeader(words[at] ?? "", shown[at + 1] ?? "", found);
  } else if (key === "setenv" || key === "define") {
    if (isSecretName(words[1] ?? "")) credentials(2);
  } else if (key === "rewritecond" && isSecretName(words[1] ?? "")) {
    const sign = /^!?[=<>]*/.exec(words[2] ?? "")?.[0] ?? "";
    const value = (words[2] ?? "").slice(sign.length);
    if (value !== "" && !/^\.[*+]$|^\^?\$$/.test(value)) shown[2] = sign + maskCredentials(value, found);
  } else if (/^(?:proxypass|balancermember|proxyset)$/.test(key)) {
    for (const [at, word] of words.entries())
      if (/^secret=/i.test(word)) shown[at] = `secret=${maskCredentials(word.slice(7), found)}`;
  }
  return shown;
}
