/**
 * The kernel's clocks, read through clock_gettime. On the hot path `monotonicClock` of base/clock.ts is the one to ask:
 * it is the same clock, and performance.now() under it takes 56 ns a reading where `monotonicNs` takes 73
 * (process.hrtime() 53 and an array, process.hrtime.bigint() with its conversion 78; bench/ffi-cost.js, Node 20). What
 * only this file has are CLOCK_REALTIME, which the kernel's stamps are in, and the processor time of a thread and of a process.
 */
import { checked } from "./errno.js";
import { libc } from "./libc.js";
import { PinnedBuffer } from "./pinned-buffer.js";

const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;
const CLOCK_THREAD_CPUTIME_ID = 3;
const CPUCLOCK_SCHED = 2;

/**
 * The second of CLOCK_REALTIME that this thread counts its real-time nanoseconds from: nanoseconds since 1970 need 61
 * bits and a double has 53, which are 104 days. Another thread has another; what threads exchange is CLOCK_MONOTONIC
 * (see `RealtimeOffset`).
 */
export const realtimeEpochS = Math.floor(Date.now() / 1000);

/** CLOCK_MONOTONIC: one clock for all threads and processes of the machine, never set. Exact for 104 days of uptime. */
export function monotonicNs(): number {
  return readClock(CLOCK_MONOTONIC, 0);
}

/** CLOCK_REALTIME since `realtimeEpochS`: the clock of the kernel's receive stamps. It may be set, and then jumps. */
export function realtimeNs(): number {
  return readClock(CLOCK_REALTIME, realtimeEpochS);
}

/** Processor time of the calling thread, user and system. A system call, 0.8 µs. */
export function threadCpuTimeNs(): number {
  return readClock(CLOCK_THREAD_CPUTIME_ID, 0);
}

/**
 * Processor time of any process, all its threads together, those that have ended too: clock_getcpuclockid(3) as the kernel
 * has it (CPUCLOCK_SCHED of linux/posix-timers.h). One system call, exact also of a thread that is running.
 * @returns null where there is no such process
 */
export function processCpuTimeNs(pid: number): number | null {
  timespec ??= makeTimespec();
  const { memory, words } = timespec;
  return libc().clockGettime((~pid << 3) | CPUCLOCK_SCHED, memory.address) === 0
    ? nsOfTimespec(words, 0, 0)
    : null;
}

/** A struct timespec, two 64-bit numbers, of which each thread has its own. */
let timespec: { readonly memory: PinnedBuffer; readonly words: Int32Array } | null = null;

function readClock(clock: number, epochS: number): number {
  timespec ??= makeTimespec();
  const { memory, words } = timespec;
  checked("clock_gettime", libc().clockGettime(clock, memory.address));
  return nsOfTimespec(words, 0, epochS);
}

function makeTimespec(): { memory: PinnedBuffer; words: Int32Array } {
  const memory = new PinnedBuffer(16);
  return { memory, words: memory.words() };
}

/**
 * @param words the memory that holds the timespec, as 32-bit words
 * @param at the index of its first word
 * @returns nanoseconds since `epochS`
 */
export function nsOfTimespec(words: Int32Array, at: number, epochS: number): number {
  const seconds = (words[at + 1] as number) * 2 ** 32 + ((words[at] as number) >>> 0);
  return (seconds - epochS) * 1e9 + (words[at + 2] as number);
}
