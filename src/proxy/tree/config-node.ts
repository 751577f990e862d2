/**
 * A config as a tree: maps, lists and single values, each with the place where it stands. Nothing of it is changed in place:
 * whoever rewrites it makes new nodes.
 */
import type { Place } from "../../diagnosis/quote.js";

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
  /** As it is written. */
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
