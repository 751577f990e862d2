/**
 * A stranger's config, once it is adopted: nothing is left in it that names a file or a host of this machine or another
 * one, or runs code. What is not known to be harmless is left out with a note, or refused with its place. Envoy sees
 * nothing else: even to validate a config runs what is in it.
 */
import { UsageError } from "../../../base/errors.js";
import { type Place, placeWords } from "../../../diagnosis/quote.js";
import type { ConfigEntry, ConfigMap, ConfigNode } from "../../tree/config-node.js";
import { backendAuthorityFile } from "../adopt/adopt-clusters.js";
import type { Adoption } from "../adopt/adoption.js";
import { fieldName, fullTypeOf } from "../language/config-node.js";
import { logFile } from "../run/own-log.js";
import { certificateFile, keyFile } from "../run/template.js";
import { leftOut, messages, operators, types } from "./allowed-messages.js";
import { leafFields } from "./leaf-fields.js";

/** @throws UsageError for what may reach out of the private folder */
export function confineConfig(tree: ConfigMap, adoption: Adoption): ConfigMap {
  return confined(tree, "Bootstrap", { adoption, place: tree.place }) as ConfigMap;
}

interface Terms {
  readonly adoption: Adoption;
  /** Of the nearest thing outwards that stands in a file. */
  readonly place: Place | null;
}

function confined(node: ConfigNode, rule: string, terms: Terms): ConfigNode {
  const place = node.place ?? terms.place;
  if (node.kind === "list")
    return { ...node, items: node.items.map((item) => confined(item, rule, { ...terms, place })) };
  if (node.kind === "scalar") {
    refuseOperators(node.value, place);
    if (rule === "value" || rule === "leaf" || rule === "struct" || node.value === null) return node;
    throw refusal(place, `a single value where ${rule} belongs is`);
  }
  const entries = node.entries.flatMap((entry) =>
    confinedEntry(entry, node, ruleOf(node, rule, place), { ...terms, place }),
  );
  return { ...node, entries };
}

/** What a map is checked as: the type that it says goes before. */
function ruleOf(map: ConfigMap, rule: string, place: Place | null): string {
  const type = fullTypeOf(map);
  if (type === null) {
    if (rule === "value") throw refusal(place, "a message where a single value belongs is");
    if (rule === "typed") throw refusal(place, "a setting without `@type` is");
    return rule;
  }
  const message = Object.hasOwn(types, type) ? types[type] : undefined;
  if (message === undefined) throw refusal(place, `what ${type} does is`);
  return message;
}

function confinedEntry(entry: ConfigEntry, map: ConfigMap, rule: string, terms: Terms): ConfigEntry[] {
  const name = fieldName(entry.key);
  const place = entry.place ?? terms.place;
  const inner = { ...terms, place };
  if (name === "@type") return [entry];
  if (rule === "struct") return [{ ...entry, value: confined(entry.value, "struct", inner) }];
  if (rule === "TypedMap") return [{ ...entry, value: confined(entry.value, "typed", inner) }];
  const known =
    rule === "leaf" || rule === "Leaf"
      ? leafFields.has(name)
        ? "leaf"
        : undefined
      : messages[rule]?.get(name);
  if (known === undefined) {
    const why = leftOut.get(name);
    if (why === undefined)
      throw refusal(
        place,
        `what \`${shortened(entry.key)}\` does in ${rule === "Leaf" ? (fullTypeOf(map) ?? rule) : rule} is`,
      );
    terms.adoption.note(`\`${name}\` was left out: ${why}`, place);
    return [];
  }
  refuseFile(name, entry.value, rule, place);
  refuseAddress(name, entry.value, rule, place);
  return [{ ...entry, value: confined(entry.value, known, inner) }];
}

const own = /^kept-\d+$/;
const ourFiles = new Set([certificateFile, keyFile, backendAuthorityFile]);

/** Whatever names a file names a copy of wsrally's by now, or it was out of reach, or not there. */
function refuseFile(name: string, value: ConfigNode, rule: string, place: Place | null): void {
  const text = value.kind === "scalar" ? String(value.value) : "";
  if (name === "filename" && !own.test(text) && !ourFiles.has(text))
    throw new UsageError(
      `Cannot adopt ${placeWords(place)}: the file ${shortened(text)} cannot be read, and a gate reads nothing else of this machine`,
    );
  if (rule === "FileAccessLog" && name === "path" && text !== logFile)
    throw refusal(place, "a log of its own is");
}

const ownHost = /^(?:127\.0\.0\.1|@wsrally-backend-host@)$/;
const ownPort = /^@wsrally-(?:listen-\d+|backend-\d+|backend-tls)@$/;

function refuseAddress(name: string, value: ConfigNode, rule: string, place: Place | null): void {
  if (rule !== "SocketAddress") return;
  const text = value.kind === "scalar" ? String(value.value) : "";
  const fits = name === "address" ? ownHost.test(text) : ownPort.test(text);
  if (!fits) throw refusal(place, `an address that wsrally cannot replace (${shortened(text)}) is`);
}

/** `%ENVIRONMENT(X)%`, `%FILE_CONTENT(/etc/passwd)%`: what a text asks of the machine. */
function refuseOperators(value: unknown, place: Place | null): void {
  if (typeof value !== "string") return;
  for (const [, name = ""] of value.matchAll(/%([A-Z][A-Z_]{2,})/g))
    if (!operators.test(name)) throw refusal(place, `what \`%${shortened(name)}%\` tells in a text is`);
}

function shortened(word: string): string {
  return word.length > 80 ? `${word.slice(0, 80)}…` : word;
}

function refusal(place: Place | null, words: string): UsageError {
  return new UsageError(
    `Cannot adopt ${placeWords(place)}: ${words} not known to be harmless, and a gate takes a config for a stranger's; take it out`,
  );
}
