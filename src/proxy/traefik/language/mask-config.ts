/**
 * A config's secrets, as far as they can be told: credentials in headers, password digests of users, keys that stand in the
 * config itself, and whatever has a secret's name. They are masked line for line, in YAML and TOML alike; names stay.
 */
import { type Found, mask, maskHeader, maskText } from "../../../base/mask-secrets.js";
import { mapsIn } from "../../tree/config-node.js";
import type { ReadConfig } from "./read-config.js";

/** Tells every secret of a config. */
export function findSecrets(
  { install, routing, variables }: Pick<ReadConfig, "install" | "routing" | "variables">,
  found: Found,
): void {
  for (const [name, value] of variables) maskHeader(name, value, found);
  for (const tree of [install, routing]) {
    if (tree === null) continue;
    for (const map of mapsIn(tree))
      for (const { key, value } of map.entries)
        for (const item of value.kind === "list" ? value.items : [value])
          if (item.kind === "scalar" && typeof item.value === "string") maskValue(key, item.value, found);
  }
}

/** "name:digest" of htpasswd, and "name:realm:digest" of htdigest. */
const account = /^([^\s:]+:)((?:\$|\{SHA\}).+|[^:]+:[0-9a-f]{32})$/;

function maskValue(key: string, value: string, found: Found): string {
  const [, name = "", digest] = account.exec(value) ?? [];
  if (digest !== undefined) {
    found(digest);
    return name + mask;
  }
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value)) found(value);
  return maskHeader(key, value, found);
}

/** `key: value`, `key = value`, with or without quotes. */
const pair =
  /("?\b[\w.-]+"?\s*[:=]\s*)("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s,{}[\]"'#][^,{}#]*?)(?=\s*(?:[,}\]]|#|$))/g;
/** An item of a list. */
const item = /((?:^\s*-|[[,])\s*)("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s,{}[\]"'#][^,{}#\]]*)/g;

/** The text without its secrets, on as many lines. */
export function maskConfigText(text: string, found: Found = () => undefined): string {
  let isInKey = false;
  return text
    .split("\n")
    .map((line) => {
      if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(line)) isInKey = true;
      const isKey = isInKey && !/-----/.test(line);
      if (/-----END [A-Z ]*PRIVATE KEY-----/.test(line)) isInKey = false;
      return isKey ? line.replace(/\S.*/, mask) : maskLine(line, found);
    })
    .join("\n");
}

function maskLine(line: string, found: Found): string {
  const byName = line.replace(pair, (_, head: string, value: string) => {
    const key = /[\w.-]+/.exec(head)?.[0] ?? "";
    return head + quoted(value, (bare) => maskValue(key.replace(/^.*\./, ""), bare, found));
  });
  const listed = byName.replace(
    item,
    (_, head: string, value: string) => head + quoted(value, (bare) => maskValue("", bare, found)),
  );
  return maskText(listed, found);
}

function quoted(value: string, masked: (bare: string) => string): string {
  const quote = /^["']/.exec(value)?.[0] ?? "";
  const bare = quote === "" ? value : value.slice(1, -1);
  return bare === mask ? value : `${quote}${masked(bare)}${quote}`;
}
