/** A git repository of its own, untouched by the settings of whoever runs the tests. */
import { execFileSync } from "node:child_process";
import { devNull } from "node:os";

export interface ScratchRepository {
  /** @returns what git printed */
  git(...args: readonly string[]): string;
  /** Everything that is not ignored, in one commit. @returns its hash */
  commitAll(message: string): string;
}

export function createScratchRepository(folder: string): ScratchRepository {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_SYSTEM: devNull,
    GIT_AUTHOR_NAME: "a",
    GIT_AUTHOR_EMAIL: "a@example.org",
    GIT_COMMITTER_NAME: "a",
    GIT_COMMITTER_EMAIL: "a@example.org",
  };
  const git = (...args: readonly string[]): string =>
    execFileSync("git", args, { cwd: folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  git("init", "-q", "-b", "main");
  return {
    git,
    commitAll(message) {
      git("add", "-A");
      git("commit", "-q", "--allow-empty", "-m", message);
      return git("rev-parse", "HEAD").trim();
    },
  };
}
