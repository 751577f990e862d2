/**
 * Which state of the sources a run measured: git in the current folder, and what the CI service says beside it, which
 * checks a commit out without its branch, or not as a repository at all.
 */
import { execFileSync } from "node:child_process";

interface GitState {
  /** Full hash; null before the first commit. */
  readonly commit: string | null;
  /** Tracked files differ from the commit. */
  readonly dirty: boolean;
  /** Null when no branch is checked out. */
  readonly branch: string | null;
}

/** Null outside of a repository, and where there is no git. */
export function readGitState(folder: string): GitState | null {
  // No program that the repository's settings name is started, and its index is not written.
  const options = ["--no-optional-locks", "-c", "core.fsmonitor=false", "-C", folder];
  const status = ["status", "--porcelain=v2", "--branch", "--untracked-files=no", "--ignore-submodules"];
  let text: string;
  try {
    text = execFileSync("git", [...options, ...status], {
      encoding: "utf8",
      timeout: 5000,
      maxBuffer: 64 << 20,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return null;
  }
  return parseStatus(text);
}

/** `git status --porcelain=v2 --branch`: headers with a #, then a line for each file that differs. */
function parseStatus(text: string): GitState {
  const lines = text.split("\n").filter((line) => line !== "");
  const header = (name: string): string | null => {
    const start = `# branch.${name} `;
    return lines.find((line) => line.startsWith(start))?.slice(start.length) ?? null;
  };
  const [commit, branch] = [header("oid"), header("head")];
  return {
    commit: commit === "(initial)" ? null : commit,
    dirty: lines.some((line) => !line.startsWith("#")),
    branch: branch === "(detached)" ? null : branch,
  };
}

interface CiCommit {
  readonly commit: string;
  readonly branch: string | null;
}

/** Where CI services say what they check out: the commit's variable, then the branch's, the first that is set. */
const ciVariables: readonly (readonly [commit: string, ...branches: string[]])[] = [
  ["GITHUB_SHA", "GITHUB_HEAD_REF", "GITHUB_REF_NAME"],
  ["CI_COMMIT_SHA", "CI_COMMIT_REF_NAME"],
  ["BUILDKITE_COMMIT", "BUILDKITE_BRANCH"],
  ["CIRCLE_SHA1", "CIRCLE_BRANCH"],
  ["BITBUCKET_COMMIT", "BITBUCKET_BRANCH"],
  ["BUILD_SOURCEVERSION", "BUILD_SOURCEBRANCHNAME"],
  ["TRAVIS_COMMIT", "TRAVIS_BRANCH"],
  ["DRONE_COMMIT_SHA", "DRONE_BRANCH"],
  ["GIT_COMMIT", "GIT_BRANCH"],
];

/** Null where no CI service says. */
export function readCiCommit(env: NodeJS.ProcessEnv): CiCommit | null {
  for (const [commitName, ...branchNames] of ciVariables) {
    const commit = env[commitName];
    if (commit === undefined || !/^[0-9a-f]{7,64}$/.test(commit)) continue;
    const branch = branchNames.map((name) => env[name]).find((value) => value !== undefined && value !== "");
    return { commit, branch: branch ?? null };
  }
  return null;
}
