/**
 * A folder of small JSON files below the results, which may be a stranger's: a repository's, or unpacked from an artifact.
 * A link in it could lead reading and writing anywhere, so none is followed.
 */
import { type Dirent, lstatSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf, EnvironmentError, messageOf, UsageError } from "../base/errors.js";
import { makeFolder } from "../base/make-folder.js";
import { replaceFile } from "../base/whole-file.js";

/**
 * What is in it; nothing where there is none.
 * @param what it is called in messages
 * @throws UsageError for a link; EnvironmentError when it cannot be read
 */
export function listStoredFolder(folder: string, what: string): Dirent[] {
  if (isLink(folder)) {
    throw new UsageError(`Cannot read the ${what} ${folder}: it is a link; want the folder itself`);
  }
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return [];
    throw new EnvironmentError(`Cannot read the ${what} ${folder}: ${messageOf(thrown)}`);
  }
}

/**
 * Replaces a file in one step, so that a reader never sees half of it, and makes its folders.
 * @param what it is called in messages @param out the results folder, which it lies below
 * @throws EnvironmentError when it cannot be written, into a folder that is a link too
 */
export function replaceStoredFile(out: string, file: string, text: string, what: string): void {
  for (let folder = dirname(file); folder.length > out.length; folder = dirname(folder)) {
    if (!isLink(folder)) continue;
    throw new EnvironmentError(
      `Cannot write the ${what} ${file}: ${folder} is a link; want the folder itself`,
    );
  }
  makeFolder(dirname(file), { what: `the folder of the ${what}` });
  try {
    replaceFile(file, text);
  } catch (thrown) {
    throw new EnvironmentError(`Cannot write the ${what} ${file}: ${messageOf(thrown)}`);
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
