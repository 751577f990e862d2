/**
 * The files of a user's own config on their way to another machine: noted while the config is read where it lies, and read
 * there by the names that they had, wherever they are kept.
 */
import { statSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { UsageError } from "../../base/errors.js";
import { readSmallFile } from "../../base/read-small-file.js";
import { createReach, type Reach, readingBy } from "./reach.js";

export interface CarriedFile {
  /** Absolute, where the config's user has it. */
  readonly path: string;
  readonly content: Buffer;
}

/** Of all of them: no config with its certificates comes near. */
const mostBytes = 64 * 1024 ** 2;

/**
 * @param work reads a config, as whoever is to run it will read it
 * @returns what it gives, and every file that it found
 * @throws what the work throws; UsageError for files that come to more than is carried
 */
export async function notingFiles<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly files: readonly CarriedFile[] }> {
  const own = createReach(null);
  const noted = new Set<string>();
  const noting: Reach = {
    ...own,
    fileAt(path) {
      const found = own.fileAt(path);
      if (found !== null) noted.add(resolve(path));
      return found;
    },
  };
  const result = await readingBy(noting, work);
  const files = [...noted].flatMap((path) => {
    const content = contentOf(path);
    return content === null ? [] : [{ path, content }];
  });
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  if (bytes > mostBytes)
    throw new UsageError(
      `Cannot take a config to another host: its files come to ${bytes >> 20} MiB; want at most ${mostBytes >> 20} MiB`,
    );
  return { result, files };
}

/** Null for what is no file that this user may read: the proxy has words for it. */
function contentOf(path: string): Buffer | null {
  try {
    return statSync(path).isFile() ? readSmallFile(path) : null;
  } catch {
    return null;
  }
}

/**
 * Those files, and no other of the machine that they have come to.
 * @param kept where each is kept, by the path that it had
 * @param emptyFolder stands for every folder that one of them lay in
 */
export function carriedReach(kept: ReadonlyMap<string, string>, emptyFolder: string): Reach {
  const names = new Map<string, Set<string>>();
  for (const path of kept.keys())
    for (let [at, folder] = [path, dirname(path)]; at !== folder; [at, folder] = [folder, dirname(folder)])
      names.set(folder, (names.get(folder) ?? new Set()).add(relative(folder, at)));
  return {
    extent: "carried",
    fileAt: (path) => kept.get(resolve(path)) ?? (names.has(resolve(path)) ? emptyFolder : null),
    isOutside: () => false,
    namesIn: (folder) => [...(names.get(resolve(folder)) ?? [])],
    isGitsToTell: () => false,
  };
}
