/**
 * Paths that configs include other files by, and how those files are called in messages.
 */
import { dirname, isAbsolute, relative } from "node:path";

/** Files below the working directory are named from there, as users name them. */
export function shownName(file: string): string {
  const fromHere = relative(process.cwd(), file);
  return fromHere.startsWith("..") || isAbsolute(fromHere) ? file : fromHere;
}

/** The folder that a pattern is looked for in, or a path that is none. */
export function fixedPart(path: string): string {
  const special = path.search(/[*?[]/);
  return special === -1 ? path : dirname(`${path.slice(0, special)}x`);
}
