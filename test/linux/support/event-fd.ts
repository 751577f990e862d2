/**
 * A descriptor by which another thread wakes one that waits in an epoll (eventfd(2)).
 */
import { checked, errnos, lastErrno } from "#wsrally/linux/errno.js";
import { libc } from "#wsrally/linux/libc.js";
import { PinnedBuffer } from "#wsrally/linux/pinned-buffer.js";

const EFD_NONBLOCK = 0o4000;
const EFD_CLOEXEC = 0o2000000;

/** The kernel's counter, read and written in eight bytes. Each thread has its own. */
let counter: PinnedBuffer | null = null;

/** @returns a descriptor that is readable once signalled; `closeDescriptor` ends it */
export function openEventFd(): number {
  return checked("eventfd", libc().eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
}

/** From any thread of the process: a descriptor is a number, and threads share them. */
export function signalEventFd(fd: number): void {
  counter ??= new PinnedBuffer(8);
  counter.bytes.writeBigUInt64LE(1n);
  checked("write", libc().write(fd, counter.address, counter.length));
}

/** Makes it unreadable again. @returns whether it had been signalled */
export function drainEventFd(fd: number): boolean {
  counter ??= new PinnedBuffer(8);
  const read = libc().read(fd, counter.address, counter.length);
  if (read < 0 && lastErrno() === errnos.EAGAIN) return false;
  checked("read", read);
  return true;
}
