/**
 * The files of a checkout that git tracks: what a gate may publish of it, as it stands on the disk.
 */
import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import type { ReadableFolder } from "../../scenario/arm.js";
import { gitFailure, runGit } from "./run-git.js";

/**
 * A folder with what may be read in it: all of it where it is no repository.
 * @throws EnvironmentError when git cannot tell
 */
export async function readableFolder(path: string, signal: AbortSignal): Promise<ReadableFolder> {
  if (!existsSync(join(path, ".git"))) return { path, tracked: null };
  const listing = await runGit(["ls-files", "--cached", "-z"], signal, path);
  if (!listing.ok) throw gitFailure(`tell which files git tracks in ${path}`, listing.stderr);
  return { path, tracked: byFolder(listing.stdout.toString("utf8").split("\0")) };
}

/** Every name on the way to a file, by the folder that it stands in. A submodule's own files are not this repository's. */
function byFolder(files: readonly string[]): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>();
  // A name that is no UTF-8 came out as another, which may be an untracked file's.
  for (let path of files.filter((file) => file !== "" && !file.includes("\uFFFD"))) {
    while (path !== ".") {
      const folder = posix.dirname(path) === "." ? "" : posix.dirname(path);
      const names = folders.get(folder) ?? new Set();
      folders.set(folder, names.add(posix.basename(path)));
      path = posix.dirname(path);
    }
  }
  return folders;
}
