/**
 * Every file below a folder that an nginx config names: what it includes, and what its other directives point to
 * (certificates and the like). Nothing is judged here: a word that names a file is taken to mean it.
 */
import { dirname, isAbsolute, resolve } from "node:path";
import type { NamedFiles, NamedFilesSettings } from "../../driver.js";
import { collectNamedFiles, type NamedWord } from "../../reach/collect-named-files.js";
import { isGlob } from "../../reach/glob-files.js";
import { NginxRefusedError } from "../run/config-refused-error.js";
import type { Directive } from "./nginx-tree.js";
import { parseNginxConfig } from "./parse-nginx-config.js";

/** Of one file, each asked for on the disk: more than any config has that a gate takes. */
const mostWords = 50_000;

/** @param file the config; it must be there */
export function namedFiles(file: string, settings: NamedFilesSettings): Promise<NamedFiles> {
  return collectNamedFiles(file, settings, { words: wordsOf, places: placesOf });
}

/** Words that may be a path. A text that is no config names nothing; nginx will say what is wrong with it. */
function wordsOf(text: string, file: string): NamedWord[] {
  try {
    const words = new Map<string, NamedWord>();
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
function* everyWord(tree: readonly Directive[]): Generator<NamedWord> {
  for (const { name, args, block } of tree) {
    for (const word of args) yield { isInclude: name === "include" && block === null, word };
    yield* everyWord(block ?? []);
  }
}

/**
 * Where the reader of configs looks (read-nginx-config.ts); other files lie beside the config. An absolute path is the
 * machine's, the same for every config, but for the folder that a config is deployed to.
 */
function placesOf({ word, isInclude }: NamedWord, folder: string): string[] {
  if (!isAbsolute(word)) {
    if (!isInclude) return isGlob(word) ? [] : [resolve(folder, word)];
    return [resolve(folder, word), resolve(dirname(folder), word)];
  }
  const below = word.match(
    /^(?:\/usr\/local)?(?:\/etc\/(?:nginx|openresty)|(?:\/usr\/local|\/opt)\/nginx\/conf)\/(.+)$/,
  )?.[1];
  return below === undefined || !isInclude ? [] : [resolve(folder, below)];
}
