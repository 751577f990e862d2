/** Sizes of a socket's buffers (socket(7)), for tests of what does not fit into them. */
import { checked } from "#wsrally/linux/errno.js";
import { libc } from "#wsrally/linux/libc.js";

const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;

/** @param bytes of each way; the kernel doubles it, up to net.core.wmem_max and rmem_max, and no longer sizes them by itself */
export function setBuffers(fd: number, bytes: number): void {
  const value = Buffer.alloc(4);
  value.writeInt32LE(bytes);
  for (const name of [SO_SNDBUF, SO_RCVBUF])
    checked("setsockopt", libc().setsockopt(fd, SOL_SOCKET, name, value, value.length));
}
