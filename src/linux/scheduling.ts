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

/**
 * Does some work with this thread at real-time priority, in turns with its like: a process or thread that it starts
 * meanwhile keeps the priority, and is never kept waiting by one without.
 * @throws SystemCallError EPERM unless `mayUseRealTime`
 */
export function atRealTimePriority<Result>(work: () => Result): Result {
  setScheduler(SCHED_RR, lowestPriority);
  try {
    return work();
  } finally {
    setScheduler(SCHED_OTHER, 0);
  }
}

/** It takes CAP_SYS_NICE, or a limit that somebody has raised (RLIMIT_RTPRIO), and a control group that allows it. */
export function mayUseRealTime(): boolean {
  if (!isLinuxLayerAvailable().available) return false;
  try {
    atRealTimePriority(() => undefined);
    return true;
  } catch (thrown) {
    if (thrown instanceof SystemCallError) return false;
    throw thrown;
  }
}

/** Of the calling thread. */
function setScheduler(policy: number, priority: number): void {
  const parameters = Buffer.alloc(4);
  parameters.writeInt32LE(priority);
  checked("sched_setscheduler", libc().schedSetscheduler(0, policy, parameters));
}
