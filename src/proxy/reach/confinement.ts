/**
 * The folders that a stranger's config may be read from, with everything it includes. A link counts as what it leads to.
 */
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { UsageError } from "../../base/errors.js";
import { type Place, placeWords } from "../../diagnosis/quote.js";

/** Whether a path, which need not be there, lies in one of the folders once every link on its way is followed. */
export function isWithin(path: string, roots: readonly string[]): boolean {
  const real = realPath(resolve(path));
  return roots.some((root) => {
    const below = relative(realPath(resolve(root)), real);
    return below === "" || !(below === ".." || below.startsWith(`..${sep}`) || isAbsolute(below));
  });
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Not there: where it would be.
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}

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

/** @param what "include /etc/passwd" */
export function outsideError(what: string, place: Place | null, roots: readonly string[]): UsageError {
  return new UsageError(
    `Cannot adopt ${placeWords(place)}: ${what} lies outside of ${roots.map(shownRoot).join(", ")}, and a gate reads ` +
      "nothing else of this machine; --allow-includes DIR lets it",
  );
}

function shownRoot(root: string): string {
  return resolve(root) === process.cwd() ? "the working directory" : root;
}
