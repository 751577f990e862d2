/**
 * What is said when a proxy's program cannot be fetched.
 */
import { EnvironmentError } from "../../base/errors.js";
import type { ProgramSpec } from "./program-spec.js";

export function trouble({ title }: ProgramSpec, words: string, cause?: unknown): EnvironmentError {
  return new EnvironmentError(`Cannot install ${title}: ${words}`, { cause });
}

export function orSystemPackage({ title, debian }: ProgramSpec): string {
  const [name] = debian?.packages ?? [];
  const how =
    name === undefined
      ? "with the system's package manager"
      : `with the system's package manager (\`apt-get install ${name}\` and the like)`;
  return `or install ${title} ${how}: wsrally finds it on PATH`;
}
