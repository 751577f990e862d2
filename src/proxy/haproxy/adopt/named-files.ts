/**
 * Every file below a folder that a config names: what else HAProxy reads with it, and what its lines point to. Nothing is
 * judged here: a word that names a file is taken to mean it.
 */
import { readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import type { NamedFiles, NamedFilesSettings } from "../../driver.js";
import { createReach, type Reach } from "../../reach/reach.js";
import { configFiles } from "../language/read-config.js";
import { splitLine } from "../language/words.js";

const longestBytes = 4 * 1024 ** 2;
/** Of all that are kept: a few bytes in git unpack to as many files of that length as there are words. */
const mostBytes = 64 * 1024 ** 2;
const mostWords = 50_000;

/** @param file the config; it must be there */
export async function namedFiles(
  file: string,
  { folders, provide = async () => undefined }: NamedFilesSettings,
): Promise<NamedFiles> {
  const reach = createReach(folders);
  const sources = configFiles(file, reach);
  const folder = dirname(sources[0] as string);
  const configs = new Map<string, string>();
  const others = new Map<string, Buffer>();
  let room = mostBytes;
  for (const source of sources) {
    const found = plainFileAt(source, reach);
    const content = found === null ? null : readSmall(found);
    room -= content?.length ?? 0;
    configs.set(relative(folder, source), content?.toString("utf8") ?? "");
  }
  for (const word of wordsOf([...configs.values()])) {
    const path = placeOf(word, folder);
    if (path === null || reach.isOutside(path)) continue;
    await provide(path);
    const found = plainFileAt(path, reach);
    if (found === null || configs.has(relative(folder, path))) continue;
    const content = room > 0 ? readSmall(found) : null;
    room -= content?.length ?? 0;
    others.set(relative(folder, path), content ?? Buffer.from(`${statSync(found).size} bytes`));
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

function readSmall(path: string): Buffer | null {
  return statSync(path).size > longestBytes ? null : readFileSync(path);
}

function plainFileAt(path: string, { fileAt }: Reach): string | null {
  try {
    const found = fileAt(path);
    return found !== null && statSync(found).isFile() ? found : null;
  } catch {
    // Kept from this user, or no path at all: most words of a config are none.
    return null;
  }
}
