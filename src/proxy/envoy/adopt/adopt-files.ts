/**
 * Files that a config names become copies in the private folder, and variables of the environment are handed on.
 */

import { type ConfigMap, nodeOf, rewriteMaps } from "../../tree/config-node.js";
import { entryOf, textAt, withField, withoutField } from "../language/config-node.js";
import { certificateFile, keyFile } from "../run/template.js";
import { backendAuthorityFile } from "./adopt-clusters.js";
import type { Adoption } from "./adoption.js";

interface AdoptedFiles {
  readonly tree: ConfigMap;
  readonly variables: ReadonlyMap<string, string>;
}

const ours = new Set([certificateFile, keyFile, backendAuthorityFile]);

/** Every `filename` and `environment_variable` of a `DataSource`. */
export function adoptFiles(tree: ConfigMap, adoption: Adoption): AdoptedFiles {
  const variables = new Map<string, string>();
  const changed = rewriteMaps(tree, (map) => {
    const variable = textAt(map, "environment_variable");
    const value = variable === null || adoption.confinedTo !== null ? undefined : process.env[variable];
    if (variable !== null && value !== undefined) variables.set(variable, value);
    const path = textAt(map, "filename");
    if (path === null || ours.has(path)) return map;
    const place = entryOf(map, "filename")?.place ?? null;
    const copy = adoption.copy(path, `filename: ${path}`, place);
    if (copy !== path) adoption.note(`\`filename: ${path}\` is a copy in the private folder instead`, place);
    return withField(withoutField(map, "watched_directory"), "filename", nodeOf(copy));
  });
  return { tree: changed.kind === "map" ? changed : tree, variables };
}
