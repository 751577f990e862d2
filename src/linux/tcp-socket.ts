/**
 * Opening, connecting, listening and closing of non-blocking TCP sockets. A socket is its file descriptor, a number.
 * What the network or a limit may refuse is a result, `-errno`; a call that only a mistake of ours can make fail
 * throws a `SystemCallError`.
 */
import { checked, lastErrno } from "./errno.js";
import { libc } from "./libc.js";
import { type AddressFamily, type HostAndPort, hostAndPortOf } from "./socket-address.js";

const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SHUT_WR = 1;

/** @returns the descriptor, or `-errno` (`EMFILE`, `ENFILE`, `EAFNOSUPPORT`) */
export function openTcpSocket(family: AddressFamily): number {
  return orErrno(libc().socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

/**
 * Starts connecting; the socket is writable when that is done, and `socketError` tells how it went.
 * @returns `-EINPROGRESS` as a rule; 0 when it is done at once; `-errno` otherwise
 */
export function connectSocket(fd: number, sockaddr: Buffer): number {
  return orErrno(libc().connect(fd, sockaddr, sockaddr.length));
}

/** @returns 0 or `-errno` (`EADDRINUSE`, `EADDRNOTAVAIL`) */
export function bindSocket(fd: number, sockaddr: Buffer): number {
  return orErrno(libc().bind(fd, sockaddr, sockaddr.length));
}

/** @param backlog the kernel takes no more than net.core.somaxconn of it */
export function listenOn(fd: number, backlog: number): void {
  checked("listen", libc().listen(fd, backlog));
}

/** @returns a non-blocking descriptor, or `-errno` (`EAGAIN` when nobody is waiting, `EMFILE`, `ECONNABORTED`) */
export function acceptConnection(fd: number): number {
  return orErrno(libc().accept4(fd, null, null, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

/** Sends FIN after what is still queued. @returns 0 or `-errno` (`ENOTCONN` once the peer has reset) */
export function shutdownWriting(fd: number): number {
  return orErrno(libc().shutdown(fd, SHUT_WR));
}

export function localAddressOf(fd: number): HostAndPort {
  const sockaddr = Buffer.alloc(28);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(sockaddr.length);
  checked("getsockname", libc().getsockname(fd, sockaddr, length));
  return hostAndPortOf(sockaddr);
}

function orErrno(result: number): number {
  return result < 0 ? -lastErrno() : result;
}
