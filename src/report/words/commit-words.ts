/** A commit in a word or two. */
import type { Environment } from "../../results/environment-schema.js";
import { type SourceCommit, sourceCommit } from "../../results/source-commit.js";
import { absent } from "./format.js";

const shortLength = 9;

/** `a1b2c3d4e`, with a + where tracked files differed from it; `-` for none. */
export function formatCommit(commit: SourceCommit | null): string {
  return commit === null ? absent : `${commit.sha.slice(0, shortLength)}${commit.dirty ? "+" : ""}`;
}

/** `commit a1b2c3d4e on main, with changes`; null outside of a repository. */
export function commitWords(environment: Pick<Environment, "git" | "ciCommit">): string | null {
  const commit = sourceCommit(environment);
  if (commit === null) return null;
  const branch = commit.branch === null ? "" : ` on ${commit.branch}`;
  return `commit ${commit.sha.slice(0, shortLength)}${branch}${commit.dirty ? ", with changes" : ""}`;
}
