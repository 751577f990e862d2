/** Files as a CI service knows them: by their path from the repository's root. */
import { existsSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Locate } from "../../report/ci/remarks.js";

/** Of names as a run has them, from the current folder; null for what is no file of the repository. */
export function repositoryPaths(env: Readonly<Record<string, string | undefined>>): Locate {
  const root = real(env.GITHUB_WORKSPACE || env.CI_PROJECT_DIR || gitRoot(process.cwd()));
  return (file) => {
    const path = real(resolve(file));
    const name = path === null || root === null ? ".." : relative(root, path);
    const isInside = path !== null && name !== "" && !isAbsolute(name) && name.split(sep)[0] !== "..";
    return isInside && statSync(path).isFile() ? name.split(sep).join("/") : null;
  };
}

/** Links resolved; null when there is no such file, or it could not be asked for. */
function real(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

/** The folder itself, where none above it is a repository. */
function gitRoot(folder: string): string {
  for (let above = folder; ; above = dirname(above)) {
    if (existsSync(join(above, ".git"))) return above;
    if (dirname(above) === above) return folder;
  }
}
