/**
 * A user's config as one: what it says itself, and the listeners, routes, clusters and endpoints that it keeps in files
 * (`path_config_source`), which stand in it as if they were written there. What a control plane would send is not there.
 */
import { UsageError } from "../../../base/errors.js";
import type { Place } from "../../../diagnosis/quote.js";
import type { ReadableFolder } from "../../../scenario/arm.js";
import { type ConfigMap, type ConfigNode, nodeOf, rewriteMaps } from "../../tree/config-node.js";
import { type ConfigFiles, createConfigFiles, folderOf } from "./config-files.js";
import { entryOf, itemsAt, nodeAt, textAt, typeOf, withField, withMap, withoutField } from "./config-node.js";

export interface ReadConfig {
  readonly tree: ConfigMap;
  /** What was read from elsewhere: a sentence each, with what names it. */
  readonly followed: readonly { readonly sentence: string; readonly place: Place | null }[];
  readonly files: ConfigFiles;
}

/** @throws UsageError when it cannot be read, ConfigRefusedError when it is not well-formed */
export function readConfig(
  file: string,
  { confinedTo }: { readonly confinedTo: readonly ReadableFolder[] | null },
): ReadConfig {
  if (/\.pb(?:_text|_length_delimited)?$/.test(file))
    throw new UsageError(`Cannot read ${file}: want Envoy's YAML or JSON, not its binary forms`);
  const files = createConfigFiles(folderOf(file), confinedTo);
  const own = createConfigFiles(".", confinedTo);
  const followed: { sentence: string; place: Place | null }[] = [];
  const follow: Follow = (source, kind) => {
    const named = fileOf(source);
    if (named === null) return null;
    const tree = files.read(named.path, `${kind} ${named.path}`, named.place);
    followed.push({
      sentence: `The ${kind} of ${named.path} are read once, and stand in the config itself`,
      place: named.place,
    });
    return itemsAt(tree, "resources");
  };
  const written = own.read(file, "the config", { file, line: 1 });
  return { tree: withRoutes(withResources(written, follow), follow), followed, files };
}

/** Resources of a file that a `ConfigSource` names; null where it names none. */
type Follow = (source: ConfigNode | null, kind: string) => readonly ConfigNode[] | null;

/** A `ConfigSource` of a file: `path_config_source: {path}`, before 1.21 `path`. */
function fileOf(source: ConfigNode | null): { path: string; place: Place | null } | null {
  const holder = nodeAt(source, "path_config_source") ?? source;
  const entry = entryOf(holder, "path");
  const path = textAt(holder, "path");
  return path === null || entry === null ? null : { path, place: entry.place };
}

function withResources(tree: ConfigMap, follow: Follow): ConfigMap {
  let changed = tree;
  for (const [field, list] of [
    ["lds_config", "listeners"],
    ["cds_config", "clusters"],
  ] as const) {
    const found = follow(nodeAt(tree, "dynamic_resources", field), list);
    if (found === null) continue;
    const resources = found.map(withoutType);
    const statics = nodeAt(changed, "static_resources");
    const map: ConfigMap = statics?.kind === "map" ? statics : { kind: "map", entries: [], place: null };
    const items = [...itemsAt(map, list), ...resources];
    changed = withField(
      changed,
      "static_resources",
      withField(map, list, { kind: "list", items, place: null }),
    );
    changed = withMap(changed, "dynamic_resources", (dynamic) => withoutField(dynamic, field));
  }
  return changed;
}

/** A resource within a response has its type, and may be wrapped; within the config it has neither. */
function withoutType(resource: ConfigNode): ConfigNode {
  const inner = typeOf(resource) === "Resource" ? (nodeAt(resource, "resource") ?? resource) : resource;
  return inner.kind === "map" ? withoutField(inner, "@type") : inner;
}

/** Routes into their managers, endpoints into their clusters. */
function withRoutes(tree: ConfigMap, follow: Follow): ConfigMap {
  const changed = rewriteMaps(tree, (map) => {
    if (typeOf(map) === "HttpConnectionManager" && nodeAt(map, "rds") !== null) {
      const name = textAt(map, "rds", "route_config_name");
      const found = follow(nodeAt(map, "rds", "config_source"), "routes")?.map(withoutType);
      const routes = found?.find((one) => textAt(one, "name") === name) ?? found?.[0];
      return routes === undefined ? map : withField(withoutField(map, "rds"), "route_config", routes);
    }
    const eds = nodeAt(map, "eds_cluster_config");
    if (eds === null || textAt(map, "type")?.toUpperCase() !== "EDS") return map;
    const name = textAt(eds, "service_name") ?? textAt(map, "name");
    const found = follow(nodeAt(eds, "eds_config"), "endpoints")?.map(withoutType);
    const endpoints = found?.find((one) => textAt(one, "cluster_name") === name) ?? found?.[0];
    if (endpoints === undefined) return map;
    return withField(
      withField(withoutField(map, "eds_cluster_config"), "type", nodeOf("STATIC")),
      "load_assignment",
      endpoints,
    );
  });
  return changed.kind === "map" ? changed : tree;
}
