/** The commit that a run measured: git's where the run was started in a repository, else the CI service's. */
import { z } from "zod";
import type { Environment } from "./environment-schema.js";

export const sourceCommitSchema = z.object({
  /** Full hash. */
  sha: z.string().regex(/^[0-9a-f]{7,64}$/),
  /** Tracked files differed from it. */
  dirty: z.boolean(),
  branch: z.string().nullable(),
});

export type SourceCommit = Readonly<z.infer<typeof sourceCommitSchema>>;

/** Null where neither says. A CI service checks out without a branch; then its own word for it is taken. */
export function sourceCommit({ git, ciCommit }: Pick<Environment, "git" | "ciCommit">): SourceCommit | null {
  const sha = git?.commit ?? ciCommit?.commit ?? null;
  if (sha === null) return null;
  return { sha, dirty: git?.dirty ?? false, branch: git?.branch ?? ciCommit?.branch ?? null };
}
