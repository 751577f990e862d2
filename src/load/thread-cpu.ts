/**
 * Processor time of the calling thread. Node 20 tells that of the whole process only; Linux tells a thread's in
 * /proc/thread-self/schedstat, whose first field is nanoseconds on a processor (proc_pid_schedstat in the kernel's
 * Documentation/scheduler/sched-stats.rst).
 */
import { readFileSync } from "node:fs";
import { monotonicClock } from "../base/clock.js";
import type { StartOrder } from "./messages.js";

/**
 * Processor time of this thread between the two readings, as a share of the time between them.
 * @returns null where the system does not tell
 */
export async function measureThreadCpu(
  { readingsNs }: StartOrder,
  sleepUntil: (timeNs: number) => Promise<void>,
): Promise<number | null> {
  await sleepUntil(readingsNs.first);
  const before = { cpuNs: threadCpuNs(), atNs: monotonicClock.now() };
  await sleepUntil(readingsNs.last);
  const cpuNs = threadCpuNs();
  if (cpuNs === null || before.cpuNs === null) return null;
  return (cpuNs - before.cpuNs) / (monotonicClock.now() - before.atNs);
}

/** Nanoseconds; null where the system does not tell. */
function threadCpuNs(): number | null {
  if (process.platform !== "linux") return null;
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "latin1").split(" ", 1)[0]);
  } catch {
    // A kernel without scheduler statistics: not measured.
    return null;
  }
}
