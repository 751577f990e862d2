/**
 * Every file below a folder that a config names: what it includes, and what its other words point to. Nothing is judged
 * here: a word that names a file is taken to mean it.
 */
import { dirname, relative } from "node:path";
import type { NamedFiles, NamedFilesSettings } from "../driver.js";
import { globFiles, isGlob } from "./glob-files.js";
import { createNamedFileReader } from "./named-file-reader.js";

const mostConfigs = 5000;

/** How a language names files. */
export interface NamingLanguage {
  /** Words of a text that may be a path; none of a text that is no config. */
  words(text: string, file: string): readonly NamedWord[];
  /** Where a path is looked for, the first place first; none for one that is the machine's. */
  places(word: NamedWord, folder: string): readonly string[];
}

export interface NamedWord {
  /** Whether what it names is read as a part of the config. */
  readonly isInclude: boolean;
  readonly word: string;
}

/** @param file the config; it must be there */
export async function collectNamedFiles(
  file: string,
  { folders, provide = async () => undefined }: NamedFilesSettings,
  { words, places }: NamingLanguage,
): Promise<NamedFiles> {
  const folder = dirname(file);
  const configs = new Map<string, string>();
  const others = new Map<string, Buffer>();
  const { reach, plainFileAt, read, readOrSize } = createNamedFileReader(folders);
  const find = async (pattern: string): Promise<string[]> => {
    if (reach.isOutside(pattern.replace(/[^/]*[*?[].*$/s, ""))) return [];
    await provide(pattern);
    const named = isGlob(pattern) ? globFiles(pattern, reach) : [pattern];
    return named.filter((path) => plainFileAt(path) !== null);
  };
  const firstFound = async (paths: readonly string[]): Promise<string[]> => {
    for (const path of paths) {
      const files = await find(path);
      if (files.length > 0) return files;
    }
    return [];
  };
  const queue = [file];
  for (let config = queue.shift(); config !== undefined; config = queue.shift()) {
    const name = relative(folder, config);
    if (configs.has(name)) continue;
    // The reader of configs says what is wrong with the rest.
    const text = read(config)?.toString("utf8") ?? "";
    configs.set(name, text);
    if (configs.size > mostConfigs) break;
    for (const word of words(text, name)) {
      for (const path of await firstFound(places(word, folder))) {
        if (word.isInclude) queue.push(path);
        else if (!configs.has(relative(folder, path))) others.set(relative(folder, path), readOrSize(path));
      }
    }
  }
  return { configs, others };
}
