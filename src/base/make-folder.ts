/**
 * Makes a folder with those above it that are missing, in a number of steps that the path's own length bounds: Node's
 * recursive mkdir goes round for ever, deaf to signals, where a folder that is there takes no new ones, as /proc does.
 */
import { type MakeDirectoryOptions, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { codeOf, EnvironmentError, messageOf } from "./errors.js";

/** What stands in the way of making a folder, by the system's code; the path is the one that could not be made. */
const troubles: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `${dirname(path)} takes no new folders`,
  EEXIST: (path) => `${path} is no folder`,
  EACCES: (path) => `this user may make none in ${dirname(path)}`,
  EPERM: (path) => `this user may make none in ${dirname(path)}`,
  EROFS: (path) => `${dirname(path)} lies on a file system that is mounted read-only`,
  ENAMETOOLONG: () => "its name is longer than the file system takes",
  ENOSPC: (path) => `no space is left for it in ${dirname(path)}`,
  EDQUOT: (path) => `this user's share of the disk that holds ${dirname(path)} is used up`,
  ELOOP: () => "symbolic links on its way lead round in a circle",
};

interface FolderWish {
  /** What the folder is to hold, for the message. */
  readonly what: string;
  /** What the user may do about it, for the message's end. */
  readonly cure?: string;
  /** Of the folders that are made; the system's usual rights unless given. */
  readonly mode?: number;
}

/** Does nothing where the folder is there. @throws EnvironmentError that says what stands in the way */
export function makeFolder(path: string, { what, cure, mode }: FolderWish): void {
  const trouble = tryToMake(resolve(path), mode === undefined ? {} : { mode });
  if (trouble === null) return;
  throw new EnvironmentError(
    `Cannot make ${what} ${path}: ${trouble}${cure === undefined ? "" : `; ${cure}`}`,
  );
}

/** @returns what stands in the way; null when the folder is there */
function tryToMake(path: string, options: MakeDirectoryOptions & { recursive?: false }): string | null {
  const missing: string[] = [];
  let at = path;
  let code = attempt(at, options);
  // From the last folder up to what is there, …
  while ((code === "ENOENT" || code === "ENOTDIR") && dirname(at) !== at) {
    missing.push(at);
    at = dirname(at);
    code = attempt(at, options);
  }
  // … and down again, each once.
  while (code === null) {
    const below = missing.pop();
    if (below === undefined) return null;
    at = below;
    code = attempt(at, options);
  }
  return troubles[code]?.(at) ?? `${code} at ${at}`;
}

/** @returns null when the folder is there, made or not; else the system's code */
function attempt(path: string, options: MakeDirectoryOptions & { recursive?: false }): string | null {
  try {
    mkdirSync(path, options);
    return null;
  } catch (thrown) {
    // Read-only and forbidden places say so before they say that the folder is there.
    return isFolder(path) ? null : (codeOf(thrown) ?? messageOf(thrown));
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
