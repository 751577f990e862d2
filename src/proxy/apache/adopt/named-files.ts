/**
 * Every file below a folder that an Apache config names: what it includes, and what its other words point to.
 */
import { isAbsolute } from "node:path";
import type { NamedFiles, NamedFilesSettings } from "../../driver.js";
import { collectNamedFiles, type NamedWord } from "../../reach/collect-named-files.js";
import { isGlob } from "../../reach/glob-files.js";
import { placesOf } from "../language/config-files.js";
import { splitWords } from "../language/words.js";

const mostWords = 50_000;

/** @param file the config; it must be there */
export function namedFiles(file: string, settings: NamedFilesSettings): Promise<NamedFiles> {
  return collectNamedFiles(file, settings, { words: wordsOf, places });
}

function wordsOf(text: string): NamedWord[] {
  const words = new Map<string, NamedWord>();
  for (const line of text.split("\n")) {
    const [, name = "", rest = ""] = /^\s*(\w+)\s+(.*)$/.exec(line) ?? [];
    const isInclude = /^include(?:optional)?$/i.test(name);
    for (const whole of splitWords(rest, name.toLowerCase()).words) {
      const word = whole.replace(/^(?:txt|rnd):/, "");
      if (!/^[\w./@*?[\]-]+$/.test(word)) continue;
      words.set(`${isInclude} ${word}`, { isInclude, word });
      if (words.size === mostWords) return [...words.values()];
    }
  }
  return [...words.values()];
}

/** An absolute path is the machine's, but for the folder that a config is deployed to. */
function places({ word, isInclude }: NamedWord, folder: string): readonly string[] {
  if (!isInclude && isGlob(word)) return [];
  const found = placesOf(word, folder, null);
  return isAbsolute(word) ? found.slice(1) : found;
}
