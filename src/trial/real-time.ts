/**
 * When a proxy may run at real-time priority, before whatever else wants its processors. Threads of the kernel and of
 * other programs otherwise keep it for 1 to 5 ms at a time. (Measured on two virtual processors with little else to do,
 * 5,500 messages a second, 30 interleaved trials of 1 s each: p99 on the wire 270 µs at the usual priority, with a
 * standard deviation of its logarithm of 0.44, and 250 µs with 0.09 at real-time priority; p50 132 and 133 µs.)
 */
import { busiestWorkerShare } from "./proxy-cost.js";
import type { TrialRecord } from "./trial-record.js";

/**
 * Of a processor. A real-time thread that leaves none to the others is throttled for 50 ms of each second (sched(7)), and
 * with it wait the kernel's own threads that serve its sockets.
 */
const busiestShare = 0.7;

/** Whether the proxy of a trial left its processors time enough. */
export function leavesTime({ proxyCost }: Pick<TrialRecord, "proxyCost">): boolean {
  // Without a proxy there is none to be throttled.
  if (proxyCost === null) return true;
  const busiest = busiestWorkerShare(proxyCost);
  return busiest !== null && busiest <= busiestShare;
}
