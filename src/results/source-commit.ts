/** The commit that a run measured: git's where the run was started in a repository, else the CI service's. */
import type { Environment } from "./environment-schema.js";

export interface SourceCommit {
  /** Full hash. */
  readonly sha: string;
  /** Tracked files differed from it. */
  readonly dirty: boolean;
  readonly branch: string | null;
}

/** Null where neither says. A CI service checks out without a branch; then its own word for it is taken. */
export function sourceCommit({ git, ciCommit }: Pick<Environment, "git" | "ciCommit">): SourceCommit | null {
  const sha = git?.commit ?? ciCommit?.commit ?? null;
  if (sha === null) return null;
  return { sha, dirty: git?.dirty ?? false, branch: git?.branch ?? ciCommit?.branch ?? null };
}
