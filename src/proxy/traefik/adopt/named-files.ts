/**
 * Every file below a folder that a config names: the files of routes, and what their fields point to. Nothing is judged here: a
 * value that may be a path is taken to mean it.
 */
import { dirname, join, relative, resolve } from "node:path";
import type { NamedFiles, NamedFilesSettings } from "../../driver.js";
import { createNamedFileReader, type NamedFileReader } from "../../reach/named-file-reader.js";
import { type ConfigMap, mapsIn } from "../../tree/config-node.js";
import { deployedPlace } from "../language/config-files.js";
import { textAt, textsAt } from "../language/fields.js";
import { parseConfig } from "../language/parse-config.js";
import { renderTemplate } from "../language/render-template.js";

const mostNames = 10_000;
const isRoutes = /\.(?:ya?ml|toml)$/i;
const fileField = /^(?:certFile|keyFile|usersFile|rootCAs|caFiles|caFile|certFiles)$/i;

/** @param file the config; it must be there */
export async function namedFiles(
  file: string,
  { folders, provide = async () => undefined }: NamedFilesSettings,
): Promise<NamedFiles> {
  const reader = createNamedFileReader(folders);
  const folder = dirname(resolve(file));
  const configs = new Map<string, string>();
  const others = new Map<string, Buffer>();
  const waiting = [resolve(file)];
  for (let next = 0; next < waiting.length && next < mostNames; next++) {
    const at = waiting[next] as string;
    const key = relative(folder, at);
    if (configs.has(key)) continue;
    const content = next === 0 ? (reader.read(at) ?? readOutside(file)) : reader.read(at);
    if (content === null) continue;
    configs.set(key, content.toString("utf8"));
    const tree = parsed(at, content.toString("utf8"));
    for (const { path, kind } of tree === null ? [] : pathsIn(tree)) {
      const place = deployedPlace(path, folder, reader.reach);
      if (reader.reach.isOutside(place)) continue;
      await provide(kind === "folder" ? join(place, "*") : place);
      if (kind === "folder") waiting.push(...routesIn(place, reader));
      else if (kind === "routes") waiting.push(place);
      else if (reader.plainFileAt(place) !== null)
        others.set(relative(folder, place), reader.readOrSize(place));
    }
  }
  return { configs, others };
}

/** The config itself is the user's to name, wherever it is. */
function readOutside(file: string): Buffer | null {
  return createNamedFileReader([{ path: dirname(resolve(file)), tracked: null }]).read(file);
}

interface NamedPath {
  readonly path: string;
  readonly kind: "folder" | "routes" | "other";
}

function pathsIn(tree: ConfigMap): NamedPath[] {
  const [filename, directory] = ["filename", "directory"].map((name) =>
    textAt(tree, "providers", "file", name),
  );
  const routes: NamedPath[] = [
    ...(filename == null ? [] : [{ path: filename, kind: "routes" } as const]),
    ...(directory == null ? [] : [{ path: directory, kind: "folder" } as const]),
  ];
  const others = [...mapsIn(tree)].flatMap((map) =>
    map.entries
      .filter(({ key }) => fileField.test(key))
      .flatMap(({ key }) => textsAt(map, key))
      // A certificate may stand in the config itself.
      .filter((path) => !path.includes("-----BEGIN"))
      .map((path): NamedPath => ({ path, kind: "other" })),
  );
  return [...routes, ...others];
}

function routesIn(folder: string, { reach }: NamedFileReader): string[] {
  return reach.namesIn(folder).flatMap((name) => (isRoutes.test(name) ? [join(folder, name)] : []));
}

/** A text that is no config names nothing. */
function parsed(file: string, text: string): ConfigMap | null {
  try {
    return parseConfig(file, renderTemplate(file, text, () => "").text);
  } catch {
    // Not well-formed: that is told when it is prepared.
    return null;
  }
}
