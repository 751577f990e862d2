/**
 * A config's secrets, as far as they can be told: passwords in URLs, credentials in headers, what is compared with a secret, and
 * whatever has a secret's name. They are masked word by word, so that lines, names and variables stay.
 */
import {
  type Found,
  isSecretName,
  mask,
  maskCredentials,
  maskHeader,
  maskText,
} from "../../../base/mask-secrets.js";
import { tokenizeNginxConfig } from "./nginx-tokens.js";
import type { Directive } from "./nginx-tree.js";

/** `NAME VALUE` of a header or a parameter that is as good as one. */
const headerSetters = new Set([
  "proxy_set_header",
  "grpc_set_header",
  "add_header",
  "add_trailer",
  "fastcgi_param",
  "uwsgi_param",
  "scgi_param",
  "header",
]);
/** Of a secret's name, and yet a file, a size or a switch. */
const noSecret = /_(?:file|path|zone|size|timeout|name|tokens)$/;
/** Patterns and names that requests are matched with. */
const matched = new Set(["location", "server_name"]);
/** Words of a map that are no keys. */
const mapWords = new Set(["default", "hostnames", "volatile", "include"]);

/** A directive's words, its name first, as they may be shown. @param around those of the block that it stands in */
function shownWords(words: readonly string[], around: readonly string[], found: Found): string[] {
  const [name = "", ...args] = words;
  if (around[0] === "map") return mapEntry(words, around, found);
  if (headerSetters.has(name)) {
    const [header = "", ...values] = args;
    return [name, header, ...values.map((value) => maskHeader(header, value, found))];
  }
  if (name === "set" && isSecretVariable(args[0] ?? ""))
    return [name, args[0] ?? "", ...masked(args.slice(1), found)];
  if (name === "if" && isSecretVariable(args[0] ?? "")) return [name, ...condition(args, found)];
  if (matched.has(name)) return [...words];
  if (name === "rewrite") return [name, ...args.map((word, at) => (at === 0 ? word : maskText(word, found)))];
  if (name === "secure_link_md5") return [name, ...args.map((word) => withoutLiterals(word, found))];
  if (isSecretName(name) && !noSecret.test(name)) return [name, ...masked(args, found)];
  return [name, ...args.map((word) => maskText(word, found))];
}

function masked(words: readonly string[], found: Found): string[] {
  return words.map((word) => maskCredentials(word, found));
}

/** `$http_x_api_key`, `$cookie_session`, `$api_token`, perhaps behind a bracket. */
function isSecretVariable(word: string): boolean {
  const name = /^\(?\$\{?(\w+)/.exec(word)?.[1] ?? "";
  return /^cookie_/.test(name) || isSecretName(name.replace(/^(?:http|sent_http|upstream_http|arg)_/, ""));
}

function mapEntry(
  words: readonly string[],
  [, source = "", target = ""]: readonly string[],
  found: Found,
): string[] {
  const [key = "", ...values] = words;
  const isSecretKey = isSecretVariable(source) && !mapWords.has(key);
  const [, tilde = "", literal = ""] = /^(~\*(?!\*)|~)?(.*)$/s.exec(key) ?? [];
  return [
    isSecretKey ? tilde + maskCredentials(literal, found) : key,
    ...(isSecretVariable(target) ? masked(values, found) : values.map((value) => maskText(value, found))),
  ];
}

/** `($http_x_api_key`, `!=`, `abc)` */
function condition([variable = "", operator = "", ...values]: readonly string[], found: Found): string[] {
  const shown = values.map((value) => {
    const [, literal = "", bracket = ""] = /^(.*?)(\)?)$/s.exec(value) ?? [];
    return maskCredentials(literal, found) + bracket;
  });
  return [variable, ...(operator === "" ? [] : [operator]), ...shown];
}

/** `$expires$uri secret` keeps its variables. */
function withoutLiterals(word: string, found: Found): string {
  return word.replace(/\$\{\w+\}|\$\w+|[^$\s]+/g, (piece) => {
    if (piece.startsWith("$") || piece === mask) return piece;
    found(piece);
    return mask;
  });
}

/** The tree without its secrets, for whoever quotes it. */
export function maskTree(
  tree: readonly Directive[],
  found: Found,
  around: readonly string[] = [],
): Directive[] {
  return tree.map((node) => {
    const [name = "", ...args] = shownWords([node.name, ...node.args], around, found);
    const block = node.block === null ? null : maskTree(node.block, found, [node.name, ...node.args]);
    return { ...node, name, args, block };
  });
}

interface PlacedWord {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** The text without its secrets, line for line. What is no config is masked as any text is. */
export function maskConfigText(text: string, found: Found = () => undefined): string {
  try {
    return maskTokens(text, found);
  } catch (thrown) {
    if (!(thrown instanceof NoConfigError)) throw thrown;
    return text
      .split("\n")
      .map((line) => maskText(line, found))
      .join("\n");
  }
}

class NoConfigError extends Error {
  override readonly name = "NoConfigError";
}

function maskTokens(text: string, found: Found): string {
  const around: (readonly string[])[] = [];
  const parts: string[] = [];
  let words: PlacedWord[] = [];
  let at = 0;
  const write = (): void => {
    const values = words.map(({ value }) => value);
    const shown = shownWords(values, around.at(-1) ?? [], found);
    for (const [index, { value, start, end }] of words.entries()) {
      // Comments stand between words, and Lua does.
      parts.push(maskText(text.slice(at, start), found));
      const raw = text.slice(start, end);
      parts.push(shown[index] === value ? raw : quoted(shown[index] ?? "", raw));
      at = end;
    }
  };
  for (const token of tokenizeNginxConfig(text, () => new NoConfigError())) {
    if (token.kind === "word") {
      words.push(token);
      continue;
    }
    if (words.length > 0) write();
    if (token.kind === "open") around.push(words.map(({ value }) => value));
    else if (token.kind === "close") around.pop();
    words = [];
  }
  if (words.length > 0) write();
  return parts.join("") + maskText(text.slice(at), found);
}

/** Within quotes as what it replaces, and on as many lines. */
function quoted(shown: string, raw: string): string {
  const lines = (word: string): number => word.split("\n").length;
  const [quote = /[\s;{}"'\\]/.test(shown) ? '"' : ""] = /^["']/.exec(raw) ?? [];
  const escaped = quote === "" ? shown : shown.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`);
  return quote + escaped + quote + "\n".repeat(Math.max(0, lines(raw) - lines(escaped)));
}
