/**
 * Which processors a thread may run on (sched_setaffinity(2)).
 */
import assert from "node:assert/strict";
import { checked } from "./errno.js";
import { libc } from "./libc.js";

/** Room for 8,192 processors, the most that a kernel is built for. */
const maskBytes = 1024;

/**
 * @param tid a thread, or 0 for the calling one. A process's id is its main thread's, whose later threads and children
 *   inherit the choice; threads that it has already keep theirs
 * @throws SystemCallError EINVAL when none of the processors is there or allowed, ESRCH, EPERM
 */
export function setCpuAffinity(tid: number, cpus: readonly number[]): void {
  const mask = Buffer.alloc(maskBytes);
  for (const cpu of cpus) {
    assert(Number.isInteger(cpu) && cpu >= 0 && cpu < maskBytes * 8, `${cpu} is no processor`);
    mask[cpu >> 3] = (mask[cpu >> 3] as number) | (1 << (cpu & 7));
  }
  checked("sched_setaffinity", libc().schedSetaffinity(tid, mask.length, mask));
}

/** @returns the processors' numbers, ascending */
export function cpuAffinityOf(tid: number): number[] {
  const mask = Buffer.alloc(maskBytes);
  checked("sched_getaffinity", libc().schedGetaffinity(tid, mask.length, mask));
  return Array.from({ length: maskBytes * 8 }, (_, cpu) => cpu).filter(
    (cpu) => ((mask[cpu >> 3] as number) >> (cpu & 7)) & 1,
  );
}

/** The kernel's number of the calling thread, as /proc/self/task lists it. */
export function threadId(): number {
  return libc().gettid();
}
