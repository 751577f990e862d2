/**
 * Waiting for many sockets at once (epoll(7)), level-triggered unless asked otherwise.
 */
import assert from "node:assert/strict";
import { closeDescriptor } from "./close-descriptor.js";
import { checked, errnos, lastErrno, SystemCallError } from "./errno.js";
import { libc } from "./libc.js";
import { PinnedBuffer } from "./pinned-buffer.js";

/** Bits of an event mask. `error` and `hangUp` come whether asked for or not. */
export const epollEvents = {
  readable: 0x1,
  writable: 0x4,
  error: 0x8,
  hangUp: 0x10,
  /** The peer has sent FIN. */
  peerClosed: 0x2000,
} as const;

const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLL_CTL_MOD = 3;
/** One number on every processor, as for all calls since 2019. */
const SYS_epoll_pwait2 = 441;

/** struct epoll_event { u32 events; u64 data }: x64 alone packs it, to 12 bytes; elsewhere it takes 16. */
const eventWords = process.arch === "x64" ? 3 : 4;
const tagWord = eventWords - 2;

/** Nanoseconds take epoll_pwait2, which came with Linux 5.11; without it milliseconds are all there is. */
type WaitUnit = "ns" | "ms";

export class Epoll {
  readonly #fd = checked("epoll_create1", libc().epollCreate1(EPOLL_CLOEXEC));
  readonly #maxEvents: number;
  readonly #events: PinnedBuffer;
  readonly #eventWords: Int32Array;
  readonly #change = new PinnedBuffer(16);
  readonly #changeWords = this.#change.words();
  readonly #timespec = new PinnedBuffer(16);
  readonly #timespecWords = this.#timespec.words();
  #unit: WaitUnit;

  /**
   * @param maxEvents the most that one `wait` gives. At 1,000 to 5,000 connections 32 to 128 cost 5 to 15 % less than
   *   1,024, for what was just read is still in the processor's caches when it is answered.
   * @param unit what it tries to wait in
   */
  constructor(maxEvents = 64, unit: WaitUnit = "ns") {
    assert(Number.isInteger(maxEvents) && maxEvents > 0, `${maxEvents} events`);
    this.#unit = unit;
    this.#maxEvents = maxEvents;
    this.#events = new PinnedBuffer(maxEvents * eventWords * 4);
    this.#eventWords = this.#events.words();
  }

  /** Readable while there is an event: another epoll, or libuv, can wait for this one. */
  get fd(): number {
    return this.#fd;
  }

  /**
   * @param mask of `epollEvents`
   * @param tag what `tagAt` gives for this socket's events: any 32-bit integer
   */
  add(fd: number, mask: number, tag = fd): void {
    this.#control(EPOLL_CTL_ADD, fd, mask, tag);
  }

  modify(fd: number, mask: number, tag = fd): void {
    this.#control(EPOLL_CTL_MOD, fd, mask, tag);
  }

  /** Not needed before `closeDescriptor`, which does it. */
  remove(fd: number): void {
    this.#control(EPOLL_CTL_DEL, fd, 0, 0);
  }

  /**
   * Waits for an event, the timeout or a signal, whichever is first; the thread does nothing else meanwhile.
   * @param timeoutNs 0 only looks; negative waits without end. The kernel adds its timer slack, 50 µs unless told
   *   otherwise (prctl(2)); where only milliseconds are to be had it is rounded up
   * @returns how many events there are, for `tagAt` and `maskAt` until the next call
   */
  wait(timeoutNs: number): number {
    const count = this.#unit === "ns" ? this.#waitNs(timeoutNs) : this.#waitMs(timeoutNs);
    if (count >= 0) return count;
    const errno = lastErrno();
    if (errno === errnos.EINTR) return 0;
    // Some containers' filters refuse calls that they do not know with EPERM.
    if (this.#unit === "ns" && (errno === errnos.ENOSYS || errno === errnos.EPERM)) {
      this.#unit = "ms";
      return this.wait(timeoutNs);
    }
    throw new SystemCallError("epoll_wait", errno);
  }

  tagAt(index: number): number {
    return this.#eventWords[index * eventWords + tagWord] as number;
  }

  maskAt(index: number): number {
    return this.#eventWords[index * eventWords] as number;
  }

  /** The sockets in it stay open. */
  close(): void {
    closeDescriptor(this.#fd);
  }

  #waitNs(timeoutNs: number): number {
    const { address } = this.#events;
    if (timeoutNs < 0) return libc().syscall(SYS_epoll_pwait2, this.#fd, address, this.#maxEvents, 0, 0);
    const seconds = Math.floor(timeoutNs / 1e9);
    this.#timespecWords[0] = seconds;
    this.#timespecWords[2] = timeoutNs - seconds * 1e9;
    // Without a signal mask the kernel does not look at its sixth argument, the mask's size.
    return libc().syscall(SYS_epoll_pwait2, this.#fd, address, this.#maxEvents, this.#timespec.address, 0);
  }

  #waitMs(timeoutNs: number): number {
    const timeoutMs = timeoutNs < 0 ? -1 : Math.ceil(timeoutNs / 1e6);
    return libc().epollWait(this.#fd, this.#events.address, this.#maxEvents, timeoutMs);
  }

  #control(operation: number, fd: number, mask: number, tag: number): void {
    this.#changeWords[0] = mask;
    this.#changeWords[tagWord] = tag;
    checked("epoll_ctl", libc().epollCtl(this.#fd, operation, fd, this.#change.address));
  }
}
