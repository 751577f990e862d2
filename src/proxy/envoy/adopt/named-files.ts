/**
 * Every file below a folder that a config names: those whose listeners, routes, clusters and endpoints it takes in, and
 * what its fields point to. Nothing is judged here: a value that may be a path is taken to mean it.
 */
import { readFileSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { NamedFiles, NamedFilesSettings } from "../../driver.js";
import { createReach, type Reach } from "../../reach/reach.js";
import { type ConfigMap, mapsIn } from "../../tree/config-node.js";
import { deployedPlace, folderOf } from "../language/config-files.js";
import { fieldName } from "../language/config-node.js";
import { parseConfig } from "../language/parse-config.js";

const longestBytes = 4 * 1024 ** 2;
/** Of all that are kept: a few bytes in git unpack to as many files of that length as there are names. */
const mostBytes = 64 * 1024 ** 2;
const mostNames = 10_000;

/** @param file the config; it must be there */
export async function namedFiles(
  file: string,
  { folders, provide = async () => undefined }: NamedFilesSettings,
): Promise<NamedFiles> {
  const reach = createReach(folders);
  const folder = folderOf(file);
  const configs = new Map<string, string>();
  const others = new Map<string, Buffer>();
  const text = readSmall(plainFileAt(file, reach) ?? file)?.toString("utf8") ?? "";
  configs.set(relative(folder, resolve(file)), text);
  let room = mostBytes - text.length;
  const waiting = [{ name: file, text }];
  for (let next = 0; next < waiting.length && waiting.length < mostNames; next++) {
    const { name, text: written } = waiting[next] as { name: string; text: string };
    for (const { path, isConfig } of pathsIn(name, written)) {
      const at = deployedPlace(path, folder, reach);
      const key = relative(folder, at);
      if (reach.isOutside(at) || configs.has(key) || others.has(key)) continue;
      await provide(at);
      const found = plainFileAt(at, reach);
      if (found === null) continue;
      const content = room > 0 ? readSmall(found) : null;
      room -= content?.length ?? 0;
      if (!isConfig || content === null) {
        others.set(key, content ?? Buffer.from(`${statSync(found).size} bytes`));
        continue;
      }
      configs.set(key, content.toString("utf8"));
      waiting.push({ name: at, text: content.toString("utf8") });
    }
  }
  return { configs, others };
}

interface NamedPath {
  readonly path: string;
  readonly isConfig: boolean;
}

/** Fields that name a file; what `path` of a source of resources names is a config itself. */
function pathsIn(file: string, text: string): NamedPath[] {
  const tree = parsed(file, text);
  if (tree === null) return [];
  return [...mapsIn(tree)].flatMap((map) =>
    map.entries.flatMap(({ key, value }): NamedPath[] => {
      const name = fieldName(key);
      if (value.kind !== "scalar" || typeof value.value !== "string") return [];
      if (name === "filename") return [{ path: value.value, isConfig: false }];
      const isConfig = name === "path" && /\.(?:ya?ml|json)$/.test(value.value);
      return isConfig ? [{ path: value.value, isConfig }] : [];
    }),
  );
}

/** A text that is no config names nothing. */
function parsed(file: string, text: string): ConfigMap | null {
  try {
    return parseConfig(file, text);
  } catch {
    // Not well-formed: that is told when it is prepared.
    return null;
  }
}

function readSmall(path: string): Buffer | null {
  return statSync(path).size > longestBytes ? null : readFileSync(path);
}

function plainFileAt(path: string, { fileAt }: Reach): string | null {
  try {
    const found = fileAt(path);
    return found !== null && statSync(found).isFile() ? found : null;
  } catch {
    // Kept from this user, or no path at all.
    return null;
  }
}
