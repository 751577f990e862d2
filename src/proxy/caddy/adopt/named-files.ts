/**
 * Every file below a folder that a config names: what it imports, and what its words point to. Nothing is judged here: a word
 * that names a file is taken to mean it.
 */
import { readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import type { NamedFiles, NamedFilesSettings } from "../../driver.js";
import { globFiles, isGlob } from "../../reach/glob-files.js";
import { createReach, type Reach } from "../../reach/reach.js";

const longestBytes = 4 * 1024 ** 2;
/** Of all that are kept. */
const mostBytes = 64 * 1024 ** 2;
const mostWords = 50_000;

/** @param file the config; it must be there */
export async function namedFiles(
  file: string,
  { folders, provide = async () => undefined }: NamedFilesSettings,
): Promise<NamedFiles> {
  const reach = createReach(folders);
  const root = dirname(file);
  const configs = new Map<string, string>();
  const others = new Map<string, Buffer>();
  const waiting = [file];
  let room = mostBytes;
  for (let source = waiting.shift(); source !== undefined; source = waiting.shift()) {
    const name = relative(root, source);
    if (configs.has(name)) continue;
    const found = source === file ? file : plainFileAt(source, reach);
    const content = found === null || room <= 0 ? null : readSmall(found);
    room -= content?.length ?? 0;
    const text = content?.toString("utf8") ?? "";
    configs.set(name, text);
    for (const [, pattern = ""] of text.matchAll(/^\s*import\s+["`]?([^\s"`{}]+)/gm)) {
      const path = resolve(dirname(source), pattern);
      await provide(path);
      const imported = isGlob(pattern) ? globFiles(path, reach) : [path];
      waiting.push(...imported.filter((one) => !reach.isOutside(one) && plainFileAt(one, reach) !== null));
    }
  }
  for (const word of wordsOf([...configs.values()])) {
    const path = isAbsolute(word) ? word : resolve(root, word);
    if (reach.isOutside(path)) continue;
    await provide(path);
    const found = plainFileAt(path, reach);
    if (found === null || configs.has(relative(root, path))) continue;
    const content = room > 0 ? readSmall(found) : null;
    room -= content?.length ?? 0;
    others.set(relative(root, path), content ?? Buffer.from(`${statSync(found).size} bytes`));
  }
  return { configs, others };
}

function wordsOf(texts: readonly string[]): Set<string> {
  const words = new Set<string>();
  for (const text of texts)
    for (const part of text.split(/[\s"`(),]+/)) {
      if (/^[\w./@-]+$/.test(part)) words.add(part);
      if (words.size > mostWords) return words;
    }
  return words;
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
