/**
 * Routes of several files as one: what has a name that another file has already given is left out, as Traefik does;
 * certificates add up.
 */
import type { ConfigEntry, ConfigMap } from "../../tree/config-node.js";

const nothing: ConfigMap = { kind: "map", entries: [], place: null };

export function mergeRoutes(trees: readonly ConfigMap[]): ConfigMap {
  const [only] = trees;
  if (trees.length === 1 && only !== undefined) return only;
  return trees.reduce((all, tree) => mergeMaps(all, tree, 0), nothing);
}

/** Sections and kinds of things are maps of names; what is named is whole. */
const depthOfNames = 2;

function mergeMaps(first: ConfigMap, second: ConfigMap, depth: number): ConfigMap {
  const taken = first.entries.map((entry): ConfigEntry => {
    const other = second.entries.find(({ key }) => isSame(key, entry.key, depth));
    return other === undefined ? entry : { ...entry, value: mergeValues(entry, other, depth) };
  });
  const added = second.entries.filter(
    ({ key }) => !first.entries.some((entry) => isSame(entry.key, key, depth)),
  );
  return { ...first, place: first.place ?? second.place, entries: [...taken, ...added] };
}

function isSame(a: string, b: string, depth: number): boolean {
  return depth < depthOfNames ? a.toLowerCase() === b.toLowerCase() : a === b;
}

function mergeValues(first: ConfigEntry, second: ConfigEntry, depth: number): ConfigEntry["value"] {
  const [a, b] = [first.value, second.value];
  if (a.kind === "map" && b.kind === "map" && depth < depthOfNames) return mergeMaps(a, b, depth + 1);
  if (a.kind === "list" && b.kind === "list") return { ...a, items: [...a.items, ...b.items] };
  return a;
}
