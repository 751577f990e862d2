/**
 * A config at a git ref with every file it names, in a private folder that looks like the repository: what lies beside
 * it or above it there lies so here.
 */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join, posix, relative, sep } from "node:path";
import { UsageError } from "../../base/errors.js";
import { makeFolder } from "../../base/make-folder.js";
import type { ConfigReader, NamedFiles } from "../../proxy/driver.js";
import { type GitEntry, type GitTree, openGitTree } from "./git-repository.js";

/** `REF:path` as written. */
interface GitPath {
  readonly ref: string;
  readonly path: string;
}

/** The ref has no such file: what a gate may be asked to take for a new config. */
export class MissingAtRefError extends UsageError {}

interface FetchedConfig {
  /** In the private folder. */
  readonly file: string;
  readonly files: NamedFiles;
}

/**
 * `origin/main:deploy/nginx.conf`, if it can be one: a colon, and no file of that name. What stands before the first
 * colon is the ref: git allows none in a ref.
 */
export function asGitPath(text: string): GitPath | null {
  const colon = text.indexOf(":");
  if (colon === -1 || existsSync(text)) return null;
  return { ref: text.slice(0, colon), path: text.slice(colon + 1) };
}

interface FetchTerms {
  /** Private, where it is put. */
  readonly folder: string;
  /** The reader of such configs: which files belong to one. */
  readonly namedFiles: ConfigReader["namedFiles"];
  readonly signal: AbortSignal;
}

/** @throws MissingAtRefError, or as `openGitTree` does */
export async function fetchConfig(
  { ref, path }: GitPath,
  { folder, namedFiles, signal }: FetchTerms,
): Promise<FetchedConfig> {
  const tree = await openGitTree(ref, signal);
  // As git reads it: from the root, unless it says that it counts from here.
  const wanted = posix.normalize(/^\.\.?\//.test(path) ? posix.join(tree.prefix, path) : path);
  if (!tree.entries.has(wanted)) throw missing(wanted, tree);
  const provide = (pattern: string): Promise<void> =>
    write(matching(relative(folder, pattern).split(sep).join("/"), tree), tree, folder);
  const file = join(folder, wanted);
  await provide(file);
  return { file, files: await namedFiles(file, { folders: [{ path: folder, tracked: null }], provide }) };
}

/** A pattern brings all files that could match its fixed part; which of them do is for its reader to say. */
function matching(pattern: string, { entries }: GitTree): GitEntry[] {
  const exact = entries.get(pattern);
  if (exact !== undefined) return [exact];
  const special = pattern.search(/[*?[]/);
  if (special === -1) return [];
  const fixed = pattern.slice(0, special);
  const depth = pattern.split("/").length;
  return [...entries.values()].filter(
    ({ path }) => path.startsWith(fixed) && path.split("/").length === depth,
  );
}

async function write(entries: readonly GitEntry[], tree: GitTree, folder: string): Promise<void> {
  for (const entry of entries) {
    const file = join(folder, entry.path);
    const source = await resolveLink(entry, tree);
    if (existsSync(file) || source === null) continue;
    makeFolder(dirname(file), { what: `the folder of ${entry.path}` });
    await writeFile(file, await tree.read(source), { mode: 0o600 });
  }
}

const mostLinks = 10;

/** A link's file, if it lies in the repository: a link that leads out of it is not followed. */
async function resolveLink(entry: GitEntry, tree: GitTree): Promise<GitEntry | null> {
  let current: GitEntry | undefined = entry;
  for (let step = 0; step < mostLinks && current?.kind === "link"; step++) {
    const target = (await tree.read(current)).toString("utf8");
    if (posix.isAbsolute(target)) return null;
    current = tree.entries.get(posix.join(posix.dirname(current.path), target));
  }
  return current?.kind === "file" ? current : null;
}

function missing(path: string, { ref, prefix, entries }: GitTree): UsageError {
  const start = `Cannot find ${path} at ${ref}`;
  const folder = [...entries.keys()].some((name) => name.startsWith(`${path}/`));
  if (folder) return new UsageError(`${start}: it is a folder; want the config file in it`);
  if (prefix !== "" && entries.has(posix.join(prefix, path))) {
    return new UsageError(
      `${start}: paths count from the repository's root; want ${ref}:${posix.join(prefix, path)}, or ${ref}:./${path}`,
    );
  }
  const base = posix.basename(path);
  const namesakes = [...entries.keys()].filter((name) => posix.basename(name) === base).slice(0, 5);
  const hint = namesakes.length === 0 ? "" : ` (there is ${namesakes.join(", ")})`;
  return new MissingAtRefError(
    `${start}: there is no such file${hint}. A config that is new has nothing to be compared with: --allow-new holds ` +
      "it to its SLOs and findings alone",
  );
}
