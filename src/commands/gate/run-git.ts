/**
 * Asks the git program, so that nothing which a repository names is started.
 */
import { execFile } from "node:child_process";
import { codeOf, EnvironmentError, UsageError } from "../../base/errors.js";

export interface GitAnswer {
  readonly ok: boolean;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const timeoutMs = 60_000;
/** No config that a gate reads is longer, nor the list of a repository's files. */
const longestBytes = 64 * 1024 ** 2;

/** No monitor, hook or pager runs, and a folder of a checkout is not taken for a repository of its own. */
const harmless = [
  "--no-pager",
  "--literal-pathspecs",
  ...["core.fsmonitor=false", "core.hooksPath=/dev/null", "safe.bareRepository=explicit"].flatMap((one) => [
    "-c",
    one,
  ]),
];

/** In a hook they name the repository that the hook is for. */
const namesOfRepositories = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX"];

/**
 * @param folder whose repository is asked, whatever the environment says; null: the current one's
 * @throws EnvironmentError when there is no git; UsageError for an answer that is too long
 */
export function runGit(
  args: readonly string[],
  signal: AbortSignal,
  folder: string | null = null,
): Promise<GitAnswer> {
  const words = [...(folder === null ? [] : ["-C", folder]), ...harmless, ...args];
  return new Promise((resolve, reject) => {
    const options = {
      env: environment(folder),
      signal,
      timeout: timeoutMs,
      maxBuffer: longestBytes,
      encoding: "buffer" as const,
    };
    execFile("git", words, options, (error, stdout, stderr) => {
      if (signal.aborted) reject(signal.reason);
      else if (codeOf(error) === "ENOENT") {
        reject(
          new EnvironmentError("Cannot run git: it is not installed, and tells a gate what a repository has"),
        );
      } else if (codeOf(error) === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") {
        reject(new UsageError(`Cannot read what git has: it is longer than ${longestBytes >> 20} MiB`));
      } else resolve({ ok: error === null, stdout, stderr: stderr.toString("utf8").trim() });
    });
  });
}

function environment(folder: string | null): NodeJS.ProcessEnv {
  const env = { ...process.env, LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0" };
  if (folder === null) return env;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !namesOfRepositories.includes(name)));
}

/** @param action to go on "Cannot" with */
export function gitFailure(action: string, stderr: string): EnvironmentError {
  if (/dubious ownership/.test(stderr)) {
    const cure = "in a container of your own, `git config --global --add safe.directory '*'` lets it";
    return new EnvironmentError(`Cannot ${action}: git does not trust this repository's owner; ${cure}`);
  }
  return new EnvironmentError(`Cannot ${action}: git says: ${stderr.split("\n")[0] ?? ""}`);
}
