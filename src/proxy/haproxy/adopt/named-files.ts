/**
 * Every file below a folder that a config names: what else HAProxy reads with it, and what its lines point to. Nothing is
 * judged here: a word that names a file is taken to mean it.
 */
import { dirname, isAbsolute, relative, resolve } from "node:path";
import type { NamedFiles, NamedFilesSettings } from "../../driver.js";
import { createNamedFileReader } from "../../reach/named-file-reader.js";
import { configFiles } from "../language/read-config.js";
import { splitLine } from "../language/words.js";

const mostWords = 50_000;

/** @param file the config; it must be there */
export async function namedFiles(
  file: string,
  { folders, provide = async () => undefined }: NamedFilesSettings,
): Promise<NamedFiles> {
  const { reach, plainFileAt, read, readOrSize } = createNamedFileReader(folders);
  const sources = configFiles(file, reach);
  const folder = dirname(sources[0] as string);
  const configs = new Map<string, string>();
  const others = new Map<string, Buffer>();
  for (const source of sources) configs.set(relative(folder, source), read(source)?.toString("utf8") ?? "");
  for (const word of wordsOf([...configs.values()])) {
    const path = placeOf(word, folder);
    if (path === null || reach.isOutside(path)) continue;
    await provide(path);
    const name = relative(folder, path);
    if (plainFileAt(path) !== null && !configs.has(name)) others.set(name, readOrSize(path));
  }
  return { configs, others };
}

/** Words that may be a path, and arguments of calls. A text that is no config names nothing. */
function wordsOf(texts: readonly string[]): Set<string> {
  const words = new Set<string>();
  for (const text of texts) {
    for (const line of text.split("\n")) {
      for (const word of splitLine(line, () => null).words) {
        for (const part of word.split(/[(),]/)) if (/^[\w./@-]+$/.test(part)) words.add(part);
        if (words.size > mostWords) return words;
      }
    }
  }
  return words;
}

/** Beside the config; an absolute path is the machine's, but for the folder that a config is deployed to. */
function placeOf(word: string, folder: string): string | null {
  if (!isAbsolute(word)) return resolve(folder, word);
  const below = /^\/(?:usr\/local\/)?etc\/haproxy\/(.+)$/.exec(word)?.[1];
  return below === undefined ? null : resolve(folder, below);
}
