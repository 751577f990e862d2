/** Which file of a run's folder holds the proxy's log of one trial. */
import type { TrialRecord } from "../trial/trial-record.js";

/** `off.3.error.log` for block 3 of arm `off`; null for a trial without failures, or where the log is empty. */
export function proxyLogFileOf({
  arm,
  block,
  failures,
  proxyLog,
}: Pick<TrialRecord, "arm" | "block" | "failures" | "proxyLog">): string | null {
  return failures.length === 0 || proxyLog.length === 0 ? null : `${arm}.${block}.error.log`;
}
