/**
 * How many descriptors a process may have (RLIMIT_NOFILE of getrlimit(2), through prlimit).
 */
import { checked } from "./errno.js";
import { libc } from "./libc.js";

const RLIMIT_NOFILE = 7;
const RLIM_INFINITY = 2n ** 64n - 1n;

interface DescriptorLimit {
  /** What holds now. */
  readonly soft: number;
  /** What a process without privileges may raise it to. */
  readonly hard: number;
}

/** @param pid 0 for this process */
export function descriptorLimitOf(pid: number): DescriptorLimit {
  const old = Buffer.alloc(16);
  checked("prlimit", libc().prlimit(pid, RLIMIT_NOFILE, null, old));
  return { soft: countOf(old.readBigUInt64LE(0)), hard: countOf(old.readBigUInt64LE(8)) };
}

function countOf(word: bigint): number {
  return word === RLIM_INFINITY ? Number.POSITIVE_INFINITY : Number(word);
}
