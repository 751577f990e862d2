/**
 * Bytes into and out of a socket: the two calls that a load generator spends its time in. Nothing is allocated. The
 * call over FFI is 0.06 µs of either; the rest is the kernel's (send 2.4 µs to a busy peer over loopback, recv
 * 0.6 µs).
 */
import { lastErrno } from "./errno.js";
import { libc } from "./libc.js";
import type { PinnedBuffer } from "./pinned-buffer.js";

/** A peer that is gone gives EPIPE, not a signal. */
const MSG_NOSIGNAL = 0x4000;

/** @returns the bytes taken, which may be fewer than given, or `-errno` (`EAGAIN`: the send buffer is full) */
export function sendBytes(fd: number, source: PinnedBuffer, start: number, end: number): number {
  source.assertHolds(start, end);
  const sent = libc().send(fd, source.address + start, end - start, MSG_NOSIGNAL);
  return sent < 0 ? -lastErrno() : sent;
}

/** @returns the bytes read into `target` from `start` on, 0 at the stream's end, or `-errno` (`EAGAIN`: nothing yet) */
export function receiveBytes(fd: number, target: PinnedBuffer, start = 0): number {
  target.assertHolds(start, target.length);
  const received = libc().recv(fd, target.address + start, target.length - start, 0);
  return received < 0 ? -lastErrno() : received;
}
