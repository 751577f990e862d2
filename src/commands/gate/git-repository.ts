/**
 * Reads files out of a git repository at a ref, by the git program. The user's checkout, index and config are left
 * alone, and no filter of the repository runs: only objects are read.
 */
import { UsageError } from "../../base/errors.js";
import { type GitAnswer, gitFailure, runGit } from "./run-git.js";

/** A file at a commit. */
export interface GitEntry {
  /** From the repository's root, with slashes. */
  readonly path: string;
  readonly object: string;
  readonly kind: "file" | "link";
}

/** A commit's files. */
export interface GitTree {
  /** As the user wrote it. */
  readonly ref: string;
  readonly commit: string;
  /** Of the current folder, from the repository's root: empty or ending in a slash. */
  readonly prefix: string;
  readonly entries: ReadonlyMap<string, GitEntry>;
  read(entry: GitEntry): Promise<Buffer>;
}

/**
 * @param ref a branch, tag, commit or anything else that `git rev-parse` takes
 * @throws UsageError when this is no repository or it has no such ref; EnvironmentError when git is missing or fails
 */
export async function openGitTree(ref: string, signal: AbortSignal): Promise<GitTree> {
  const git = (args: readonly string[]): Promise<GitAnswer> => runGit(args, signal);
  const inside = await git(["rev-parse", "--show-prefix"]);
  if (!inside.ok) throw noRepository(ref, inside.stderr);
  // Git has no ref that begins with a dash, and it would be taken for a flag.
  const isName = ref !== "" && !ref.startsWith("-");
  const found = isName ? await git(["rev-parse", "--verify", "--quiet", `${ref}^{commit}`]) : null;
  if (found === null || !found.ok) throw await unknownRef(ref, git);
  const commit = found.stdout.toString("utf8").trim();
  const listing = await git(["ls-tree", "-r", "-z", "--full-tree", commit]);
  if (!listing.ok) throw gitFailure(`list the files of ${ref}`, listing.stderr);
  return {
    ref,
    commit,
    prefix: inside.stdout.toString("utf8").replace(/\n$/, ""),
    entries: parseListing(listing.stdout.toString("utf8")),
    async read({ path, object }) {
      const blob = await git(["cat-file", "blob", object]);
      if (!blob.ok) throw gitFailure(`read ${ref}:${path}`, blob.stderr);
      return blob.stdout;
    },
  };
}

/** `MODE TYPE OBJECT\tPATH\0` each (git-ls-tree(1)); submodules are no files. */
function parseListing(text: string): Map<string, GitEntry> {
  const entries = new Map<string, GitEntry>();
  for (const [, mode = "", object = "", path = ""] of text.matchAll(/(\d+) blob ([0-9a-f]+)\t([^\0]+)\0/g)) {
    // Git checks no such tree out, but a ref that was fetched may hold one.
    if (path.split("/").some((part) => /^(\.{0,2}|\.git)$/i.test(part))) continue;
    entries.set(path, { path, object, kind: mode === "120000" ? "link" : "file" });
  }
  return entries;
}

function noRepository(ref: string, stderr: string): Error {
  if (!/not a git repository/.test(stderr)) return gitFailure(`read the git ref ${ref}`, stderr);
  return new UsageError(
    `Cannot read the git ref ${ref}: the current folder is in no git repository; want a file or an arm, or to run inside the repository`,
  );
}

async function unknownRef(
  ref: string,
  git: (args: readonly string[]) => Promise<GitAnswer>,
): Promise<UsageError> {
  const start = `Cannot find the git ref "${ref}"`;
  const shallow = await git(["rev-parse", "--is-shallow-repository"]);
  const remotes = (await git(["remote"])).stdout.toString("utf8").split("\n").filter(Boolean);
  const remote = remotes.find((name) => ref.startsWith(`${name}/`));
  if (remote !== undefined) {
    const branch = ref.slice(remote.length + 1);
    const why =
      shallow.stdout.toString("utf8").trim() === "true"
        ? "this clone is shallow, as CI checkouts are, and does not have it"
        : "this clone does not have it";
    return new UsageError(
      `${start}: ${why}; run \`git fetch --depth=1 ${remote} ${branch}:refs/remotes/${ref}\` before, or check out with all ` +
        "history (GitHub Actions: fetch-depth: 0; GitLab: GIT_DEPTH: 0)",
    );
  }
  const known = await git([
    "for-each-ref",
    "--count=8",
    "--sort=-committerdate",
    "--format=%(refname:short)",
  ]);
  const names = known.stdout.toString("utf8").split("\n").filter(Boolean).join(", ");
  return new UsageError(
    `${start}: this repository has ${names === "" ? "no refs at all" : `${names} and commits`}`,
  );
}
