/**
 * An Envoy config as a tree: maps, lists and single values, each with the place where it stands. Nothing of it is changed
 * in place: whoever rewrites it makes new nodes.
 */
import type { Place } from "../../../diagnosis/quote.js";

export interface ConfigScalar {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  readonly place: Place | null;
}

export interface ConfigList {
  readonly kind: "list";
  readonly items: readonly ConfigNode[];
  readonly place: Place | null;
}

export interface ConfigEntry {
  /** As it is written: `typed_config` or `typedConfig`. */
  readonly key: string;
  readonly value: ConfigNode;
  /** Of the key. */
  readonly place: Place | null;
}

export interface ConfigMap {
  readonly kind: "map";
  readonly entries: readonly ConfigEntry[];
  readonly place: Place | null;
}

export type ConfigNode = ConfigScalar | ConfigList | ConfigMap;

/** What JSON holds, for what wsrally writes itself. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** A tree of wsrally's own, which stands nowhere. */
export function nodeOf(plain: Plain): ConfigNode {
  if (typeof plain !== "object" || plain === null) return { kind: "scalar", value: plain, place: null };
  if (isList(plain)) return { kind: "list", items: plain.map(nodeOf), place: null };
  const entries = Object.entries(plain).map(([key, value]) => ({ key, value: nodeOf(value), place: null }));
  return { kind: "map", entries, place: null };
}

function isList(plain: Plain): plain is readonly Plain[] {
  return Array.isArray(plain);
}

export function mapOf(plain: { readonly [key: string]: Plain }): ConfigMap {
  return nodeOf(plain) as ConfigMap;
}

export function listOf(...items: readonly ConfigNode[]): ConfigList {
  return { kind: "list", items, place: null };
}

export function plainOf(node: ConfigNode): Plain {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(plainOf);
    case "map":
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, plainOf(value)]));
  }
}

/** Protobuf's JSON knows a field by its own name and by a camel-case one. */
export function fieldName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The last one that is so called, which is the one that Envoy takes; null for none. */
export function entryOf(node: ConfigNode | null, name: string): ConfigEntry | null {
  if (node?.kind !== "map") return null;
  return node.entries.findLast(({ key }) => key === name || fieldName(key) === name) ?? null;
}

/** What stands at the end of a row of names; null where it is not there, or null itself. */
export function nodeAt(node: ConfigNode | null, ...names: readonly string[]): ConfigNode | null {
  const found = names.reduce<ConfigNode | null>((at, name) => entryOf(at, name)?.value ?? null, node);
  return found?.kind === "scalar" && found.value === null ? null : found;
}

/** The items of a list; Envoy takes a single item for a list of one. */
export function itemsAt(node: ConfigNode | null, ...names: readonly string[]): readonly ConfigNode[] {
  const found = nodeAt(node, ...names);
  if (found === null) return [];
  return found.kind === "list" ? found.items : [found];
}

/** Null for what is no single value. */
export function textAt(node: ConfigNode | null, ...names: readonly string[]): string | null {
  const found = nodeAt(node, ...names);
  return found?.kind === "scalar" && found.value !== null ? String(found.value) : null;
}

export function numberAt(node: ConfigNode | null, ...names: readonly string[]): number | null {
  const text = textAt(node, ...names);
  const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

export function isTrueAt(node: ConfigNode | null, ...names: readonly string[]): boolean {
  return textAt(node, ...names) === "true";
}

/** A duration as protobuf's JSON has it, "1.5s", in seconds; null where there is none. */
export function secondsAt(node: ConfigNode | null, ...names: readonly string[]): number | null {
  const [, digits] = /^(-?[\d.]+)s$/.exec(textAt(node, ...names) ?? "") ?? [];
  const seconds = Number(digits);
  return digits === undefined || Number.isNaN(seconds) ? null : seconds;
}

/** The name of a message's type: "Router" of `…router.v3.Router`; null where it has none. */
export function typeOf(node: ConfigNode | null): string | null {
  const full = fullTypeOf(node);
  return full === null ? null : (full.split(".").at(-1) as string);
}

/** "envoy.extensions.filters.http.router.v3.Router" */
export function fullTypeOf(node: ConfigNode | null): string | null {
  const text = textAt(node, "@type");
  return text === null ? null : text.slice(text.lastIndexOf("/") + 1);
}

/** With this field in place of any of that name; an entry that was there keeps its place. */
export function withField(map: ConfigMap, name: string, value: ConfigNode): ConfigMap {
  const old = entryOf(map, name);
  const entry = { key: old?.key ?? name, value, place: old?.place ?? null };
  const others = map.entries.filter(({ key }) => key !== name && fieldName(key) !== name);
  if (old === null) return { ...map, entries: [...others, entry] };
  const at = map.entries.indexOf(old);
  const isOther = (one: ConfigEntry): boolean => others.includes(one);
  return {
    ...map,
    entries: [
      ...map.entries.slice(0, at).filter(isOther),
      entry,
      ...map.entries.slice(at + 1).filter(isOther),
    ],
  };
}

export function withoutField(map: ConfigMap, ...names: readonly string[]): ConfigMap {
  const entries = map.entries.filter(({ key }) => !names.includes(key) && !names.includes(fieldName(key)));
  return entries.length === map.entries.length ? map : { ...map, entries };
}

/** With what `change` makes of a list's items, where the field is there; an empty list stays one. */
export function withItems(
  map: ConfigMap,
  name: string,
  change: (item: ConfigNode) => readonly ConfigNode[],
): ConfigMap {
  const old = nodeAt(map, name);
  if (old === null) return map;
  const items = itemsAt(map, name);
  const changed = items.flatMap(change);
  if (changed.length === items.length && changed.every((item, at) => item === items[at])) return map;
  return withField(map, name, { kind: "list", items: changed, place: old.place });
}

/** With what `change` makes of a map that is a field; a field that is none stays. */
export function withMap(map: ConfigMap, name: string, change: (value: ConfigMap) => ConfigMap): ConfigMap {
  const old = nodeAt(map, name);
  if (old?.kind !== "map") return map;
  const changed = change(old);
  return changed === old ? map : withField(map, name, changed);
}

/** Every map of a tree, the outer before the inner. */
export function* mapsIn(node: ConfigNode): Generator<ConfigMap> {
  if (node.kind === "list") for (const item of node.items) yield* mapsIn(item);
  if (node.kind !== "map") return;
  yield node;
  for (const { value } of node.entries) yield* mapsIn(value);
}

/** The tree with every map replaced by what `change` makes of it, the inner before the outer. */
export function rewriteMaps(node: ConfigNode, change: (map: ConfigMap) => ConfigMap): ConfigNode {
  if (node.kind === "scalar") return node;
  if (node.kind === "list") {
    const items = node.items.map((item) => rewriteMaps(item, change));
    return items.every((item, at) => item === node.items[at]) ? node : { ...node, items };
  }
  const entries = node.entries.map((entry) => {
    const value = rewriteMaps(entry.value, change);
    return value === entry.value ? entry : { ...entry, value };
  });
  const isSame = entries.every((entry, at) => entry === node.entries[at]);
  return change(isSame ? node : { ...node, entries });
}
