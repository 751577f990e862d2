/**
 * Every file below a folder that an nginx config names: what it includes, and what its other directives point to
 * (certificates and the like). Nothing is judged here: a word that names a file is taken to mean it.
 */
import { dirname, isAbsolute, relative, resolve } from "node:path";
import type { NamedFiles, NamedFilesSettings } from "../../driver.js";
import { globFiles, isGlob } from "../../reach/glob-files.js";
import { createNamedFileReader } from "../../reach/named-file-reader.js";
import { NginxRefusedError } from "../run/config-refused-error.js";
import type { Directive } from "./nginx-tree.js";
import { parseNginxConfig } from "./parse-nginx-config.js";

const mostConfigs = 5000;
/** Of one file, each asked for on the disk: more than any config has that a gate takes. */
const mostWords = 50_000;

/** @param file the config; it must be there */
export async function namedFiles(
  file: string,
  { folders, provide = async () => undefined }: NamedFilesSettings,
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
  const queue = [file];
  for (let config = queue.shift(); config !== undefined; config = queue.shift()) {
    const name = relative(folder, config);
    if (configs.has(name)) continue;
    // The reader of configs says what is wrong with the rest.
    const text = read(config)?.toString("utf8") ?? "";
    configs.set(name, text);
    if (configs.size > mostConfigs) break;
    for (const { isInclude, word } of wordsOf(text, name)) {
      for (const path of await firstFound(placesOf(word, folder, isInclude), find)) {
        if (isInclude) queue.push(path);
        else if (!configs.has(relative(folder, path))) others.set(relative(folder, path), readOrSize(path));
      }
    }
  }
  return { configs, others };
}

interface Word {
  readonly isInclude: boolean;
  readonly word: string;
}

/** Words that may be a path. A text that is no config names nothing; nginx will say what is wrong with it. */
function wordsOf(text: string, file: string): Word[] {
  try {
    const words = new Map<string, Word>();
    for (const one of everyWord(parseNginxConfig(text, file))) {
      if (/[$\n]|^$|^\w+:\/\//.test(one.word)) continue;
      words.set(`${one.isInclude} ${one.word}`, one);
      if (words.size === mostWords) break;
    }
    return [...words.values()];
  } catch (thrown) {
    if (thrown instanceof NginxRefusedError) return [];
    throw thrown;
  }
}

/** Blocks of data as well: `map` and its like take includes too. */
function* everyWord(tree: readonly Directive[]): Generator<Word> {
  for (const { name, args, block } of tree) {
    for (const word of args) yield { isInclude: name === "include" && block === null, word };
    yield* everyWord(block ?? []);
  }
}

/**
 * Where the reader of configs looks (read-nginx-config.ts); other files lie beside the config. An absolute path is the
 * machine's, the same for every config, but for the folder that a config is deployed to.
 */
function placesOf(word: string, folder: string, isInclude: boolean): string[] {
  if (!isAbsolute(word)) {
    if (!isInclude) return isGlob(word) ? [] : [resolve(folder, word)];
    return [resolve(folder, word), resolve(dirname(folder), word)];
  }
  const below = word.match(
    /^(?:\/usr\/local)?(?:\/etc\/(?:nginx|openresty)|(?:\/usr\/local|\/opt)\/nginx\/conf)\/(.+)$/,
  )?.[1];
  return below === undefined || !isInclude ? [] : [resolve(folder, below)];
}

async function firstFound(
  places: readonly string[],
  find: (pattern: string) => Promise<string[]>,
): Promise<string[]> {
  for (const place of places) {
    const files = await find(place);
    if (files.length > 0) return files;
  }
  return [];
}
