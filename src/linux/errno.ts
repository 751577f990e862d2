/**
 * Numbers of failed system calls. Calls on the hot path give a failure as `-errno`; those that can only fail through
 * a mistake of ours, or for want of something the machine must have, throw a `SystemCallError`.
 */
import { constants } from "node:os";
import { koffi } from "./linux-layer.js";

const namesByNumber: ReadonlyMap<number, string> = new Map(
  // Some numbers have two names; EAGAIN and ENOTSUP are those that Node uses.
  Object.entries(constants.errno)
    .filter(([name]) => name !== "EWOULDBLOCK" && name !== "EOPNOTSUPP")
    .map(([name, number]) => [number, name]),
);

/** @returns `ECONNRESET` for 104 and so on; `errno 9999` for a number without a name */
export function errnoName(errno: number): string {
  return namesByNumber.get(errno) ?? `errno ${errno}`;
}

/** errno by name, as in `errnos.EAGAIN`. */
export const errnos = constants.errno;

/**
 * The calling thread's errno, good until its next system call: read it at once. 27 ns.
 */
export function lastErrno(): number {
  return koffi().errno();
}

/** Like Node's own system errors: `code` is the errno's name. */
export class SystemCallError extends Error {
  override readonly name = "SystemCallError";
  readonly code: string;
  readonly syscall: string;
  readonly errno: number;

  constructor(syscall: string, errno: number) {
    super(`${syscall} ${errnoName(errno)}`);
    this.code = errnoName(errno);
    this.syscall = syscall;
    this.errno = errno;
  }
}

/**
 * For calls that return -1 on failure.
 * @returns the result
 * @throws SystemCallError
 */
export function checked(syscall: string, result: number): number {
  if (result < 0) throw new SystemCallError(syscall, lastErrno());
  return result;
}
