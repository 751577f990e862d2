/**
 * A config's secrets, as far as they can be told: password digests, credentials in headers and query values, and whatever has
 * a secret's name. They are masked line for line, in a Caddyfile and in JSON alike; names and placeholders stay.
 */
import {
  type Found,
  isSecretName,
  mask,
  maskCredentials,
  maskHeader,
  maskText,
} from "../../../base/mask-secrets.js";

/** The text without its secrets, on as many lines. */
export function maskConfigText(text: string, found: Found = () => undefined): string {
  if (/^\s*\{\s*"/.test(text)) return maskJson(text, found);
  let block = "";
  return text
    .split("\n")
    .map((line) => {
      const shown = maskLine(line, block, found);
      block = /^\s*([\w@.-]+)\b.*\{\s*$/.exec(line)?.[1] ?? (/^\s*\}/.test(line) ? "" : block);
      return shown;
    })
    .join("\n");
}

/** A word, or what stands in quotes. */
const word = '"(?:[^"\\\\]|\\\\.)*"|`[^`]*`|[^\\s"`]+';
const setter = new RegExp(
  `^(\\s*(?:header|header_up|header_down|request_header|response_header)\\s+(?:[/@*]\\S*\\s+)?[-+>?]?)(${word})(\\s+)(${word})(.*)$`,
);
const matcher = new RegExp(
  `^(\\s*(?:@\\S+\\s+)?(?:not\\s+)?(?:header|query|vars)\\s+)(${word})(\\s+)(${word})(.*)$`,
);
/** `name digest`, in a block of `basic_auth`. */
const account = new RegExp(`^(\\s+)(${word})(\\s+)(\\$2[aby]?\\$\\S+|JDJ\\S+|\\$argon2\\S+|${word})(.*)$`);
/** What a DNS provider or an authority is logged in to with. */
const credentials = new RegExp(
  `^(\\s*(?:acme_)?dns\\s+)(\\S+)(\\s+)(${word})(.*)$|^(\\s*)(mac_key)(\\s+)(${word})(.*)$`,
);
const option = new RegExp(`^(\\s*)([\\w-]+)(\\s+)(${word})(.*)$`);

const text = '"(?:[^"\\\\]|\\\\.)*"';
/** A name with its value, or its values. */
const pairs = new RegExp(`(${text})(\\s*:\\s*)(${text}|\\[[^\\][{}]*\\])`, "g");
const texts = new RegExp(text, "g");

function maskJson(json: string, found: Found): string {
  return json.replace(pairs, (_, name: string, between: string, value: string) => {
    const shown = value.replace(texts, (one) => `"${byName(name.slice(1, -1), one.slice(1, -1), found)}"`);
    return `${name}${between}${shown}`;
  });
}

function maskLine(line: string, block: string, found: Found): string {
  const inBlock = /^basic_?auth$/.test(block) ? account.exec(line) : null;
  if (inBlock !== null && !/^\s*\}/.test(line)) {
    const [, before = "", name = "", between = "", value = "", after = ""] = inBlock;
    return `${before}${name}${between}${quoted(value, (text) => maskCredentials(text, found))}${after}`;
  }
  const login = credentials.exec(line);
  if (login !== null) {
    const [before = "", name = "", between = "", value = "", after = ""] = login
      .slice(1)
      .filter((one) => one !== undefined);
    return `${before}${name}${between}${quoted(value, (text) => maskCredentials(text, found))}${after}`;
  }
  const set = setter.exec(line) ?? matcher.exec(line);
  const given = set ?? option.exec(line);
  if (given === null) return maskText(line, found);
  const [, before = "", name = "", between = "", value = "", after = ""] = given;
  const isHeader = set !== null;
  const shown = quoted(value, (text) => {
    if (isHeader) return maskHeader(name, text, found);
    return isSecretName(name) ? maskCredentials(text, found) : text;
  });
  return maskText(`${before}${name}${between}${shown}${after}`, found);
}

function byName(name: string, value: string, found: Found): string {
  if (name === "password" || name === "hash") return maskCredentials(value, found);
  return maskHeader(name, value, found);
}

/** A placeholder stands for nothing yet. */
function quoted(value: string, masked: (text: string) => string): string {
  const quote = /^["`]/.exec(value)?.[0] ?? "";
  const text = quote === "" ? value : value.slice(1, -1);
  return /^\{[^{}]+\}$/.test(text) || text === mask ? value : `${quote}${masked(text)}${quote}`;
}
