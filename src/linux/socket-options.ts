/**
 * Socket options (socket(7), tcp(7), ip(7)). All throw a `SystemCallError`: on a socket of ours they fail by mistake
 * only. Numbers from asm-generic/socket.h, which x64 and arm64 share.
 */
import { checked } from "./errno.js";
import { libc } from "./libc.js";

const SOL_IP = 0;
const SOL_SOCKET = 1;
const SOL_TCP = 6;
const SO_REUSEADDR = 2;
const SO_ERROR = 4;
const SO_LINGER = 13;
const SO_TIMESTAMPNS = 35;
const TCP_NODELAY = 1;
const TCP_INFO = 11;
const IP_BIND_ADDRESS_NO_PORT = 24;

/** What a call passes, whose value the kernel has read or written when it returns. */
const number = Buffer.alloc(4);
const numberLength = Buffer.alloc(4);

/** Small messages go out at once, not when the last one was acknowledged. */
export function setNoDelay(fd: number): void {
  setNumber(fd, SOL_TCP, TCP_NODELAY, 1);
}

/** `close` drops what is queued and sends RST, which leaves no port in TIME_WAIT. */
export function setResetOnClose(fd: number): void {
  // struct linger { int on; int seconds; }
  const linger = Buffer.alloc(8);
  linger.writeInt32LE(1, 0);
  checked("setsockopt", libc().setsockopt(fd, SOL_SOCKET, SO_LINGER, linger, linger.length));
}

/** Lets a server bind to a port that old connections still hold in TIME_WAIT. */
export function setReuseAddress(fd: number): void {
  setNumber(fd, SOL_SOCKET, SO_REUSEADDR, 1);
}

/**
 * Leaves the choice of a port to `connect`: before that, `bind` to a source address would take one for itself, and an
 * address would carry 28,000 connections in all instead of 28,000 to each server port.
 */
export function setBindAddressNoPort(fd: number): void {
  setNumber(fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, 1);
}

/** The kernel notes when each segment arrived, for `StampedReceiver`. Set it before the first bytes can come. */
export function setReceiveStamps(fd: number): void {
  setNumber(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
}

/** @returns the errno of what went wrong on the socket since the last call, 0 for nothing; asking clears it */
export function socketError(fd: number): number {
  number.writeInt32LE(0);
  numberLength.writeUInt32LE(number.length);
  checked("getsockopt", libc().getsockopt(fd, SOL_SOCKET, SO_ERROR, number, numberLength));
  return number.readInt32LE();
}

/** struct tcp_info of linux/tcp.h as far as is read here: eight bytes, then numbers of 32 bits. */
const tcpInfo = { bytes: 60, lastDataReceived: 52, lastAckReceived: 56 } as const;

/** The kernel's own clock has ticks of 1, 3.3, 4 or 10 ms, by how it was built (HZ). */
const longestTickMs = 10;

/**
 * How long ago the last segment of a TCP connection came from the other side, be it a FIN, in milliseconds: at least, and up
 * to two ticks of the kernel more.
 */
export function msSinceHeard(fd: number): number {
  const info = Buffer.alloc(tcpInfo.bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(info.length);
  checked("getsockopt", libc().getsockopt(fd, SOL_TCP, TCP_INFO, info, length));
  // A FIN counts as an acknowledgement alone, and data that acknowledges nothing new as data alone.
  const ago = Math.min(
    info.readUInt32LE(tcpInfo.lastDataReceived),
    info.readUInt32LE(tcpInfo.lastAckReceived),
  );
  return Math.max(0, ago - longestTickMs);
}

function setNumber(fd: number, level: number, name: number, value: number): void {
  number.writeInt32LE(value);
  checked("setsockopt", libc().setsockopt(fd, level, name, number, number.length));
}
