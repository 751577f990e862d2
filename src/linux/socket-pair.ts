/** Two sockets connected to each other within this machine, to try things out on (socketpair(2)). */
import { checked } from "./errno.js";
import { libc } from "./libc.js";

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;

/** @throws SystemCallError EMFILE and the like */
export function openSocketPair(): readonly [number, number] {
  const pair = Buffer.alloc(8);
  const type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  checked("socketpair", libc().socketpair(AF_UNIX, type, 0, pair));
  return [pair.readInt32LE(0), pair.readInt32LE(4)];
}
