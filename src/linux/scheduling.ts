/**
 * How a thread is scheduled against others (sched_setscheduler(2), sched(7)).
 */
import { checked, SystemCallError } from "./errno.js";
import { libc } from "./libc.js";
import { isLinuxLayerAvailable } from "./linux-layer.js";

const SCHED_OTHER = 0;
const SCHED_RR = 2;
/** Of 1 to 99: before every thread that is not real-time, and behind all that are. */
const lowestPriority = 1;

/** Of a thread for good: null for the usual one, or a real-time one of 1 to 99, the higher the sooner its turn. */
export type Priority = number | null;

/**
 * Does some work with this thread at real-time priority, in turns with its like: a process or thread that it starts
 * meanwhile keeps the priority, and is never kept waiting by one without.
 * @throws SystemCallError EPERM unless `mayUseRealTime`
 */
export function atRealTimePriority<Result>(work: () => Result): Result {
  setPriority(0, lowestPriority);
  try {
    return work();
  } finally {
    setPriority(0, null);
  }
}

/** The same for work that takes its time: the thread has the priority for whatever it does meanwhile. */
export async function whileRealTime<Result>(work: () => Promise<Result>): Promise<Result> {
  setPriority(0, lowestPriority);
  try {
    return await work();
  } finally {
    setPriority(0, null);
  }
}

/** It takes CAP_SYS_NICE, or a limit that somebody has raised (RLIMIT_RTPRIO), and a control group that allows it. */
export function mayUseRealTime(priority = lowestPriority): boolean {
  if (!isLinuxLayerAvailable().available) return false;
  try {
    setPriority(0, priority);
    setPriority(0, null);
    return true;
  } catch (thrown) {
    if (thrown instanceof SystemCallError) return false;
    throw thrown;
  }
}

/**
 * @param tid a thread, or 0 for the calling one
 * @throws SystemCallError ESRCH, or EPERM unless `mayUseRealTime`
 */
export function setPriority(tid: number, priority: Priority): void {
  const parameters = Buffer.alloc(4);
  parameters.writeInt32LE(priority ?? 0);
  const policy = priority === null ? SCHED_OTHER : SCHED_RR;
  checked("sched_setscheduler", libc().schedSetscheduler(tid, policy, parameters));
}
