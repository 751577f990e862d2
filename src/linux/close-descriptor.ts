/** The end of sockets, epolls and everything else that is a file descriptor (close(2)). */
import { checked } from "./errno.js";
import { libc } from "./libc.js";

/**
 * Also takes the descriptor out of every epoll. Never twice: the number may be another's by then.
 * @throws SystemCallError EBADF
 */
export function closeDescriptor(fd: number): void {
  checked("close", libc().close(fd));
}
