/**
 * Fields of a config's tree by their names, read and rewritten. Which spellings name one field each proxy has its own rule
 * for.
 */
import type { ConfigEntry, ConfigList, ConfigMap, ConfigNode } from "./config-node.js";

export interface TreeAccess {
  /** The last one that is so called, which is the one that counts; null for none. */
  entryOf(node: ConfigNode | null, name: string): ConfigEntry | null;
  /** What stands at the end of a row of names; null where it is not there, or null itself. */
  nodeAt(node: ConfigNode | null, ...names: readonly string[]): ConfigNode | null;
  /** The items of a list; a single item stands for a list of one. */
  itemsAt(node: ConfigNode | null, ...names: readonly string[]): readonly ConfigNode[];
  /** Null for what is no single value. */
  textAt(node: ConfigNode | null, ...names: readonly string[]): string | null;
  numberAt(node: ConfigNode | null, ...names: readonly string[]): number | null;
  isTrueAt(node: ConfigNode | null, ...names: readonly string[]): boolean;
  /** With this field in place of any of that name; an entry that was there keeps its place. */
  withField(map: ConfigMap, name: string, value: ConfigNode): ConfigMap;
  withoutField(map: ConfigMap, ...names: readonly string[]): ConfigMap;
  /** With what `change` makes of a list's items, where the field is there; an empty list stays one. */
  withItems(map: ConfigMap, name: string, change: (item: ConfigNode) => readonly ConfigNode[]): ConfigMap;
  /** With what `change` makes of a map that is a field; a field that is none stays. */
  withMap(map: ConfigMap, name: string, change: (value: ConfigMap) => ConfigMap): ConfigMap;
}

/** @param isCalled whether a key, as it is written, is a field's name */
export function createTreeAccess(isCalled: (key: string, name: string) => boolean): TreeAccess {
  const entryOf: TreeAccess["entryOf"] = (node, name) =>
    node?.kind === "map" ? (node.entries.findLast(({ key }) => isCalled(key, name)) ?? null) : null;
  const nodeAt: TreeAccess["nodeAt"] = (node, ...names) => {
    const found = names.reduce<ConfigNode | null>((at, name) => entryOf(at, name)?.value ?? null, node);
    return found?.kind === "scalar" && found.value === null ? null : found;
  };
  const itemsAt: TreeAccess["itemsAt"] = (node, ...names) => {
    const found = nodeAt(node, ...names);
    if (found === null) return [];
    return found.kind === "list" ? found.items : [found];
  };
  const textAt: TreeAccess["textAt"] = (node, ...names) => {
    const found = nodeAt(node, ...names);
    return found?.kind === "scalar" && found.value !== null ? String(found.value) : null;
  };
  const withField: TreeAccess["withField"] = (map, name, value) => {
    const old = entryOf(map, name);
    const entry = { key: old?.key ?? name, value, place: old?.place ?? null };
    const entries = map.entries.flatMap((one) =>
      one === old ? [entry] : isCalled(one.key, name) ? [] : [one],
    );
    return { ...map, entries: old === null ? [...entries, entry] : entries };
  };
  return {
    ...{ entryOf, nodeAt, itemsAt, textAt, withField },
    numberAt(node, ...names) {
      const text = textAt(node, ...names);
      const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
      return Number.isFinite(value) ? value : null;
    },
    isTrueAt: (node, ...names) => textAt(node, ...names) === "true",
    withoutField(map, ...names) {
      const entries = map.entries.filter(({ key }) => !names.some((name) => isCalled(key, name)));
      return entries.length === map.entries.length ? map : { ...map, entries };
    },
    withItems(map, name, change) {
      const old = nodeAt(map, name);
      if (old === null) return map;
      const items = itemsAt(map, name);
      const changed = items.flatMap(change);
      if (changed.length === items.length && changed.every((item, at) => item === items[at])) return map;
      const list: ConfigList = { kind: "list", items: changed, place: old.place };
      return withField(map, name, list);
    },
    withMap(map, name, change) {
      const old = nodeAt(map, name);
      if (old?.kind !== "map") return map;
      const changed = change(old);
      return changed === old ? map : withField(map, name, changed);
    },
  };
}
