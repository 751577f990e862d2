/**
 * A user's config from the disk: a Caddyfile with all that it imports, or JSON.
 */
import { dirname, resolve } from "node:path";
import { messageOf, UsageError } from "../../../base/errors.js";
import { readSmallFile } from "../../../base/read-small-file.js";
import { type Place, placeWords } from "../../../diagnosis/quote.js";
import type { ReadableFolder } from "../../../scenario/arm.js";
import { ConfigRefusedError } from "../../config-refused-error.js";
import { outsideError } from "../../reach/confinement.js";
import { globFiles, isGlob } from "../../reach/glob-files.js";
import { placeToRead } from "../../reach/place-to-read.js";
import { createReach, type Reach } from "../../reach/reach.js";
import type { ConfigTree } from "./config-tree.js";
import { type ConfigEnvironment, createEnvironment } from "./environment.js";
import { type JsonDocument, readJson } from "./json-document.js";
import { jsonTree } from "./json-tree.js";
import { parseConfig } from "./parse-config.js";
import { type Lexed, readWords, WordTrouble } from "./read-words.js";

interface SourceFile {
  /** As messages call it. */
  readonly name: string;
  readonly text: string;
}

export interface ReadConfig {
  readonly tree: ConfigTree;
  /** Of a JSON config; null for a Caddyfile. */
  readonly json: JsonDocument | null;
  readonly environment: ConfigEnvironment;
  /** Every file that was read, the config itself first. */
  readonly files: readonly SourceFile[];
}

const mostBytes = 4 * 1024 ** 2;

/**
 * @param confinedTo the folders that a stranger's may be read from; null for a user's own
 * @throws UsageError when it cannot be read, ConfigRefusedError when it is not well-formed
 */
export function readConfig(file: string, confinedTo: readonly ReadableFolder[] | null): ReadConfig {
  const reach = createReach(confinedTo);
  if (reach.isOutside(file)) throw outsideError("the config", { file, line: 1 }, confinedTo ?? []);
  const environment = createEnvironment(confinedTo === null ? process.env : {});
  const text = readText(file, reach);
  if (/^\s*\{\s*(?:"|\}\s*$)/.test(text)) {
    // Nothing is replaced in JSON; what it asks for when it runs is known then.
    environment.fill(text);
    const json = readJson(text, file);
    return { tree: jsonTree(json), json, environment, files: [{ name: file, text }] };
  }
  const files: SourceFile[] = [{ name: file, text }];
  const read = (name: string, content: string): Lexed[] => {
    try {
      return readWords(environment.fill(content), name);
    } catch (thrown) {
      if (!(thrown instanceof WordTrouble)) throw thrown;
      throw new ConfigRefusedError("Caddy", file, `${thrown.message}, at ${name}:${thrown.line}`);
    }
  };
  const importFile = (pattern: string, from: Place): Lexed[] =>
    importedFiles(pattern, from, { file, reach, confinedTo }).flatMap((name) => {
      const content = readText(name, reach);
      if (!files.some((one) => one.name === name)) files.push({ name, text: content });
      return read(name, content);
    });
  const tree = parseConfig(read(file, text), { file, importFile });
  return { tree, json: null, environment, files };
}

function readText(name: string, reach: Reach): string {
  const place = placeToRead(name, reach);
  try {
    return readSmallFile(place, mostBytes).toString("utf8");
  } catch (thrown) {
    throw new UsageError(`Cannot read ${name}: ${messageOf(thrown)}`, { cause: thrown });
  }
}

interface ImportPlace {
  readonly file: string;
  readonly reach: Reach;
  readonly confinedTo: readonly ReadableFolder[] | null;
}

/** Relative to the file that imports; a pattern may match nothing, and a name must not. */
function importedFiles(pattern: string, from: Place, { file, reach, confinedTo }: ImportPlace): string[] {
  const path = resolve(dirname(from.file), pattern);
  const found = isGlob(pattern) ? globFiles(path, reach) : [path];
  for (const one of found)
    if (reach.isOutside(one)) throw outsideError(`import ${pattern}`, from, confinedTo ?? []);
  if (!isGlob(pattern) && reach.fileAt(path) === null) {
    const words = `File to import not found: ${pattern}, at ${placeWords(from)}`;
    throw new ConfigRefusedError("Caddy", file, words);
  }
  return found.map((one) => shortName(one, file));
}

/** As the user would write it, beside the config's own name. */
function shortName(path: string, file: string): string {
  const folder = dirname(resolve(file));
  const prefix = file.slice(0, Math.max(0, file.lastIndexOf("/") + 1));
  return path.startsWith(`${folder}/`) ? `${prefix}${path.slice(folder.length + 1)}` : path;
}
