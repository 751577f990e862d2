/**
 * Receiving bytes together with the kernel's note of when they arrived, so that a program that is late to look does not
 * blame its lateness on the network. The socket needs `setReceiveStamps`. 0.3 µs a message more than `receiveBytes`
 * (bench/ffi-cost.js). Structures: recvmsg(2), cmsg(3).
 */
import { lastErrno } from "./errno.js";
import { libc } from "./libc.js";
import { PinnedBuffer } from "./pinned-buffer.js";
import { nsOfTimespec, realtimeEpochS } from "./system-clock.js";

const SOL_SOCKET = 1;
const MSG_PEEK = 2;
/** The control message has its option's number. */
const SCM_TIMESTAMPNS = 35;

/** struct msghdr { name*; u32 nameLength; iovec*; u64 iovecCount; control*; u64 controlLength; int flags } */
const headerBytes = 56;
/** struct iovec { base*; u64 length } */
const iovecBytes = 16;
/** struct cmsghdr { u64 length; int level; int type } and a timespec: 32 bytes, and room for one more message. */
const controlBytes = 64;

const iovecStart = headerBytes;
const controlStart = headerBytes + iovecBytes;
const stampedControlBytes = 32;
const controlLengthWord = 40 / 4;
const levelWord = (controlStart + 8) / 4;
const typeWord = (controlStart + 12) / 4;
const timespecWord = (controlStart + 16) / 4;

/** One is enough for a thread: it is good for any number of sockets, one after the other. */
export class StampedReceiver {
  /** What the last `receive` read is at its beginning. */
  readonly buffer: PinnedBuffer;
  // Holds the structures, which point into each other and into `buffer`: as long as this object lives, all do.
  readonly #structures = new PinnedBuffer(headerBytes + iovecBytes + controlBytes);
  readonly #words = this.#structures.words();

  /** @param bufferBytes the most that one `receive` reads */
  constructor(bufferBytes = 65_536) {
    this.buffer = new PinnedBuffer(bufferBytes);
    const { address, bytes } = this.#structures;
    bytes.writeBigUInt64LE(BigInt(this.buffer.address), iovecStart);
    bytes.writeBigUInt64LE(BigInt(bufferBytes), iovecStart + 8);
    bytes.writeBigUInt64LE(BigInt(address + iovecStart), 16);
    bytes.writeBigUInt64LE(1n, 24);
    bytes.writeBigUInt64LE(BigInt(address + controlStart), 32);
  }

  /** @returns the bytes read, 0 at the stream's end, or `-errno` (`EAGAIN`: nothing yet) */
  receive(fd: number): number {
    return this.#receive(fd, 0);
  }

  /**
   * Like `receive`, but leaves the bytes to be read again: the way to a stamp where TLS reads the socket. A receiver
   * of one byte is enough, and gives the first segment's stamp. 1 µs (bench/tls-cost.js).
   */
  peek(fd: number): number {
    return this.#receive(fd, MSG_PEEK);
  }

  /**
   * When the last segment of what the last `receive` read came in from the network: nanoseconds of CLOCK_REALTIME
   * since `realtimeEpochS`. Null when the kernel gave no stamp: the segment came before `setReceiveStamps`, or nothing
   * was read.
   */
  get stampNs(): number | null {
    const words = this.#words;
    const isStamped =
      (words[controlLengthWord] as number) >= stampedControlBytes &&
      words[levelWord] === SOL_SOCKET &&
      words[typeWord] === SCM_TIMESTAMPNS;
    return isStamped ? nsOfTimespec(words, timespecWord, realtimeEpochS) : null;
  }

  #receive(fd: number, flags: number): number {
    // The kernel writes down how much of the control memory it used, so its size is set before each call.
    this.#words[controlLengthWord] = controlBytes;
    const received = libc().recvmsg(fd, this.#structures.address, flags);
    if (received >= 0) return received;
    this.#words[controlLengthWord] = 0;
    return -lastErrno();
  }
}
