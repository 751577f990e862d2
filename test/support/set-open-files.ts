/** How many descriptors another process may have from now on, for tests of one that runs out of them. */
import { checked } from "#wsrally/linux/errno.js";
import { libc } from "#wsrally/linux/libc.js";

const RLIMIT_NOFILE = 7;

/** @param hard as it is, for it cannot be raised */
export function setOpenFiles(
  pid: number,
  { soft, hard }: { readonly soft: number; readonly hard: number },
): void {
  const wanted = Buffer.alloc(16);
  wanted.writeBigUInt64LE(BigInt(soft), 0);
  wanted.writeBigUInt64LE(hard === Number.POSITIVE_INFINITY ? 2n ** 64n - 1n : BigInt(hard), 8);
  checked("prlimit", libc().prlimit(pid, RLIMIT_NOFILE, wanted, null));
}
