/**
 * Fields of a Traefik config, whose names it takes in capitals and small letters alike; what users name themselves it does not.
 */
import type { ConfigEntry, ConfigMap, ConfigNode } from "../../tree/config-node.js";
import { createTreeAccess } from "../../tree/tree-access.js";

export const { entryOf, nodeAt, textAt, numberAt, withField, withoutField, withItems, withMap } =
  createTreeAccess((key, name) => key.toLowerCase() === name.toLowerCase());

/** As Go reads a switch: `true`, `1`, `T`. */
export function isTrueAt(node: ConfigNode | null, ...names: readonly string[]): boolean {
  return /^(?:1|t|true)$/i.test(textAt(node, ...names) ?? "");
}

/** The texts of a list; one with commas in it is taken apart. */
export function textsAt(node: ConfigNode | null, ...names: readonly string[]): string[] {
  const found = nodeAt(node, ...names);
  if (found === null || found.kind === "map") return [];
  if (found.kind === "list")
    return found.items.flatMap((item) =>
      item.kind === "scalar" && item.value !== null ? [String(item.value)] : [],
    );
  return String(found.value)
    .split(",")
    .map((word) => word.trim());
}

/** Null for what is no map. */
export function mapAt(node: ConfigNode | null, ...names: readonly string[]): ConfigMap | null {
  const found = nodeAt(node, ...names);
  return found?.kind === "map" ? found : null;
}

export function mapsAt(node: ConfigNode | null, ...names: readonly string[]): ConfigMap[] {
  const found = nodeAt(node, ...names);
  const items = found?.kind === "list" ? found.items : found === null ? [] : [found];
  return items.filter((item) => item.kind === "map");
}

/** What a user has named: routers, services, entry points; without those that say nothing. */
export function namedIn(node: ConfigNode | null, ...names: readonly string[]): ConfigEntry[] {
  const found = nodeAt(node, ...names);
  if (found?.kind !== "map") return [];
  return found.entries.filter(({ value }) => value.kind !== "scalar" || value.value !== null);
}

/** With other things in place of what a user has named; null takes one away. */
export function withNamed(
  map: ConfigMap,
  field: string,
  change: (entry: ConfigEntry) => ConfigNode | null,
): ConfigMap {
  return withMap(map, field, (named) => ({
    ...named,
    entries: named.entries.flatMap((entry) => {
      const value = change(entry);
      return value === null ? [] : [{ ...entry, value }];
    }),
  }));
}

/** As `withMap`, but without the field where nothing is left of it: Traefik refuses most that are empty. */
export function withRest(map: ConfigMap, name: string, change: (value: ConfigMap) => ConfigMap): ConfigMap {
  const changed = withMap(map, name, change);
  const [before, after] = [mapAt(map, name), mapAt(changed, name)];
  const isEmptied = before !== null && before.entries.length > 0 && after?.entries.length === 0;
  return isEmptied ? withoutField(changed, name) : changed;
}

const units: Readonly<Record<string, number>> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
};

/** Go's durations, "1m30s"; a bare number is of seconds. Null for none. */
export function secondsAt(node: ConfigNode | null, ...names: readonly string[]): number | null {
  const text = textAt(node, ...names)?.trim() ?? "";
  if (/^-?\d+$/.test(text)) return Number(text);
  if (!/^(?:[\d.]+(?:h|ms|m|s|us|µs|ns))+$/.test(text)) return null;
  return [...text.matchAll(/([\d.]+)(h|ms|m|s|us|µs|ns)/g)].reduce(
    (sum, [, number, unit = "s"]) => sum + Number(number) * (units[unit] ?? 0),
    0,
  );
}
