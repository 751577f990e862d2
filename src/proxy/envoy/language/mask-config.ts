/**
 * A config's secrets, as far as they can be told: values of headers that hold credentials, inline keys and passwords, and
 * whatever has a secret's name. They are masked line for line; names and comments' words stay.
 */
import { type Found, isSecretName, mask, maskHeader, maskText } from "../../../base/mask-secrets.js";
import { type ConfigNode, mapsIn } from "../../tree/config-node.js";
import { fieldName, textAt } from "./config-node.js";

/** Fields that hold a secret under a name of every day. */
const secretFields =
  /^(?:inline_string|inline_bytes|password|private_key|client_secret|token_secret|hmac_secret)$/;
/** Where `inline_string` is none: a text that is answered, or a script. */
const plainHolders = /^(?:body|text_format_source|default_source_code|certificate_chain|trusted_ca)$/;

/** Tells every secret of a tree. */
export function findSecrets(tree: ConfigNode, found: Found): void {
  for (const map of mapsIn(tree)) {
    const header = textAt(map, "key");
    const value = textAt(map, "value");
    if (header !== null && value !== null) maskHeader(header, value, found);
    for (const { key, value: inner } of map.entries) {
      const name = fieldName(key);
      if (inner.kind === "scalar" && typeof inner.value === "string" && isSecretField(name))
        found(inner.value);
      if (inner.kind !== "map" || plainHolders.test(name)) continue;
      for (const one of inner.entries)
        if (/^inline_(?:string|bytes)$/.test(fieldName(one.key)) && one.value.kind === "scalar")
          found(String(one.value.value));
    }
  }
}

function isSecretField(name: string): boolean {
  return (
    /^(?:password|client_secret|token_secret|hmac_secret)$/.test(name) ||
    (isSecretName(name) && !/_(?:name|config|header)s?$/.test(name))
  );
}

/** The text without its secrets, on as many lines; of YAML and JSON alike, whether it is well-formed or not. */
export function maskConfigText(text: string, found: Found = () => undefined): string {
  const lines = text.split("\n");
  let holder = "";
  return lines
    .map((line, at) => {
      const [, indent = "", key = ""] = /^(\s*)(?:- )?"?([\w-]+)"?\s*:/.exec(line) ?? [];
      const shown = maskPairs(line, { holder, header: headerNear(lines, at) }, found);
      if (/:\s*[{[]?\s*$/.test(line) && key !== "") holder = key;
      else if (key !== "" && indent === "") holder = "";
      return maskText(shown, found);
    })
    .join("\n");
}

interface Around {
  /** The field that the line stands in. */
  readonly holder: string;
  /** The name of the header that a `value` on this line is of. */
  readonly header: string | null;
}

const pair =
  /("?\b([\w-]+)"?\s*:\s*)("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s,{}[\]"'#][^,{}#]*?)(?=\s*(?:[,}\]]|#|$))/g;

function maskPairs(line: string, { holder, header }: Around, found: Found): string {
  const inLine = /\bkey"?\s*:\s*["']?([\w-]+)/.exec(line)?.[1] ?? null;
  return line.replace(pair, (whole: string, head: string, key: string, value: string) => {
    const name = fieldName(key);
    const quote = /^["']/.exec(value)?.[0] ?? "";
    const bare = quote === "" ? value : value.slice(1, -1);
    const around = lineHolder(line, key) ?? holder;
    const shown = shownValue(name, bare, { holder: around, header: inLine ?? header }, found);
    return shown === bare ? whole : `${head}${quote}${shown}${quote}`;
  });
}

/** `private_key: {inline_string: …}` on one line. */
function lineHolder(line: string, key: string): string | null {
  return new RegExp(`([\\w-]+)"?\\s*:\\s*\\{\\s*"?${key}"?\\s*:`).exec(line)?.[1] ?? null;
}

function shownValue(name: string, value: string, { holder, header }: Around, found: Found): string {
  if (name === "value" || name === "raw_value")
    return header === null ? value : maskHeader(header, value, found);
  const isSecret =
    isSecretField(name) || (secretFields.test(name) && !plainHolders.test(holder) && !/^\d/.test(value));
  if (!isSecret || value === "" || value === mask || /^(?:true|false|null|\d+)$/.test(value)) return value;
  found(value);
  return mask;
}

/** Of the line before or after, where a header's name and value stand on lines of their own. */
function headerNear(lines: readonly string[], at: number): string | null {
  for (const near of [lines[at - 1], lines[at + 1]]) {
    const name = /^\s*(?:- )?(?:\{\s*)?"?key"?\s*:\s*["']?([\w-]+)/.exec(near ?? "")?.[1];
    if (name !== undefined) return name;
  }
  return null;
}
