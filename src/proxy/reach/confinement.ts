/**
 * What a stranger's config is held to, in words: which folder is its own, and that something lies outside.
 */
import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { UsageError } from "../../base/errors.js";
import { type Place, placeWords } from "../../diagnosis/quote.js";
import type { ReadableFolder } from "../../scenario/arm.js";

/**
 * What a config's own folder stands for: the repository it lies in, else the working directory where it lies below
 * that, else the folder itself. By names alone: where a link leads to does not decide what is confined.
 */
export function rootOf(file: string): string {
  const folder = dirname(resolve(file));
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) break;
  }
  const below = relative(process.cwd(), folder);
  return below.startsWith("..") || isAbsolute(below) ? folder : process.cwd();
}

/** The end of a sentence about a config that lies in a repository and is not its. */
export function untrackedWords(file: string): string {
  const cure = `\`git add ${file}\` or --allow-includes DIR lets it`;
  return `git does not track it, and a gate publishes nothing that is not in git; ${cure}`;
}

/** @param what "include /etc/passwd" */
export function outsideError(
  what: string,
  place: Place | null,
  folders: readonly ReadableFolder[],
): UsageError {
  const shown = folders.map(({ path }) => shownFolder(path)).join(", ");
  return new UsageError(
    `Cannot adopt ${placeWords(place)}: ${what} lies outside of ${shown}, and a gate reads ` +
      "nothing else of this machine; --allow-includes DIR lets it",
  );
}

function shownFolder(folder: string): string {
  return resolve(folder) === process.cwd() ? "the working directory" : folder;
}
