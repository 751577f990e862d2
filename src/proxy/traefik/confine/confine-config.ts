/**
 * A stranger's config, once it is adopted: nothing is left in it that names a file or a host of this machine or another
 * one, or runs code. What is not known to be harmless is left out with a note, or refused with its place; Traefik sees
 * nothing else.
 */
import { UsageError } from "../../../base/errors.js";
import { type Place, placeWords } from "../../../diagnosis/quote.js";
import type { ConfigEntry, ConfigMap, ConfigNode } from "../../tree/config-node.js";
import { backendAuthorityFile } from "../adopt/adopt-transports.js";
import type { Adoption } from "../adopt/adoption.js";
import { withoutField } from "../language/fields.js";
import { certificateFile, keyFile, routesFile } from "../run/template.js";
import { type FieldRule, leftOut, parts } from "./allowed-fields.js";

interface Trees {
  readonly install: ConfigMap;
  readonly routing: ConfigMap;
}

/** @throws UsageError for what may reach out of the private folder */
export function confineConfig({ install, routing }: Trees, adoption: Adoption): Trees {
  return {
    install: confinedMap(withoutField(install, "api"), "Install", { adoption, place: install.place }),
    routing: confinedMap(routing, "Routing", { adoption, place: routing.place }),
  };
}

interface Terms {
  readonly adoption: Adoption;
  /** Of the nearest thing outwards that stands in a file. */
  readonly place: Place | null;
}

function confinedMap(map: ConfigMap, part: string, terms: Terms): ConfigMap {
  const place = map.place ?? terms.place;
  const entries = map.entries.flatMap((entry) => confinedEntry(entry, part, { ...terms, place }));
  return { ...map, entries };
}

function confinedEntry(entry: ConfigEntry, part: string, terms: Terms): ConfigEntry[] {
  const place = entry.place ?? terms.place;
  const rule = parts[part]?.get(entry.key.toLowerCase())?.rule;
  if (rule !== undefined) return [{ ...entry, value: confined(entry.value, rule, { ...terms, place }) }];
  if (!leftOut.has(entry.key.toLowerCase()))
    throw refusal(place, `what \`${shortened(entry.key)}\` does in ${part} is`);
  terms.adoption.note(`\`${entry.key}\` was left out: a gate does without it`, place);
  return [];
}

function confined(node: ConfigNode, rule: FieldRule, terms: Terms): ConfigNode {
  const place = node.place ?? terms.place;
  const inner = { ...terms, place };
  if (node.kind === "scalar" && node.value === null) return node;
  if (node.kind === "list") return { ...node, items: node.items.map((item) => confined(item, rule, inner)) };
  if (node.kind === "scalar") {
    const isValue = /^[a-z]/.test(rule) && rule !== "words";
    // `tls: true` stands for a part that says nothing.
    if (!isValue && !/^(?:true|false)$/.test(String(node.value)))
      throw refusal(place, "a value where fields belong is");
    refuseForeign(String(node.value), rule, place);
    return node;
  }
  if (rule === "words")
    return {
      ...node,
      entries: node.entries.map((one) => ({ ...one, value: confined(one.value, "value", inner) })),
    };
  const named = /^\{(\w+)\}$/.exec(rule)?.[1];
  if (named !== undefined)
    return {
      ...node,
      entries: node.entries.map((one) => ({
        ...one,
        value: confined(one.value, named, { ...inner, place: one.place ?? place }),
      })),
    };
  if (!/^[A-Z]/.test(rule)) throw refusal(place, "a part where a value belongs is");
  return confinedMap(node, rule, inner);
}

const own: Readonly<Record<string, RegExp>> = {
  file: new RegExp(
    `^(?:kept-\\d+|${[certificateFile, keyFile, backendAuthorityFile, routesFile].map((name) => name.replaceAll(".", "\\.")).join("|")})$`,
  ),
  address: /^@wsrally-listen-\d+@$/,
  // A scheme that Traefik does not know it refuses by itself.
  url: /^(?:[a-z][a-z0-9+.-]*:\/\/)?@wsrally-backend-(?:\d+|tls)@(?:\/[^\s{}]*)?$/i,
};

/** Whatever names a file names a copy of wsrally's by now, and an address one of its own; or it could not be replaced. */
function refuseForeign(text: string, rule: FieldRule, place: Place | null): void {
  const wanted = own[rule];
  if (wanted === undefined || wanted.test(text)) return;
  if (rule === "file")
    throw new UsageError(
      `Cannot adopt ${placeWords(place)}: the file ${shortened(text)} cannot be read, and a gate reads nothing else of this machine`,
    );
  throw refusal(place, `an address that wsrally cannot replace (${shortened(text)}) is`);
}

function shortened(word: string): string {
  return word.length > 80 ? `${word.slice(0, 80)}…` : word;
}

function refusal(place: Place | null, words: string): UsageError {
  return new UsageError(
    `Cannot adopt ${placeWords(place)}: ${words} not known to be harmless, and a gate takes a config for a stranger's; take it out`,
  );
}
