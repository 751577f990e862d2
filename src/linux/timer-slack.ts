/**
 * How much later than asked the kernel may wake a thread, to wake several at once (prctl(2), PR_SET_TIMERSLACK):
 * 50 µs unless told otherwise, which is longer than many a round trip.
 */
import { checked } from "./errno.js";
import { libc } from "./libc.js";

/** By processor (asm/unistd.h). */
const prctlNumber = process.arch === "arm64" ? 167 : 157;
const PR_SET_TIMERSLACK = 29;
const PR_GET_TIMERSLACK = 30;

/** @param slackNs of the calling thread; 0 sets the default back */
export function setTimerSlack(slackNs: number): void {
  checked("prctl", libc().syscall(prctlNumber, PR_SET_TIMERSLACK, slackNs, 0, 0, 0));
}

/** Of the calling thread, in nanoseconds. */
export function timerSlack(): number {
  return checked("prctl", libc().syscall(prctlNumber, PR_GET_TIMERSLACK, 0, 0, 0, 0));
}
