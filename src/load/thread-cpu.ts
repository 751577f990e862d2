/**
 * Processor time of the calling thread. Node 20 tells that of the whole process only; Linux tells a thread's in
 * /proc/thread-self/schedstat, whose first field is nanoseconds on a processor (proc_pid_schedstat in the kernel's
 * Documentation/scheduler/sched-stats.rst).
 */
import { readFileSync } from "node:fs";

/** Nanoseconds; null where the system does not tell. */
export function threadCpuNs(): number | null {
  if (process.platform !== "linux") return null;
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "latin1").split(" ", 1)[0]);
  } catch {
    // A kernel without scheduler statistics: not measured.
    return null;
  }
}
