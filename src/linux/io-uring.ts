/**
 * Many system calls for one: requests are written into a ring that the kernel shares, handed over by one call that also
 * waits, and answered in another ring (io_uring(7)). It belongs to the thread that made it, which closes it before it
 * ends: descriptors outlive threads. CPU a round trip at 1,000 connections, 6.6 to 7.1 µs where epoll takes 7.1 to 8.1;
 * receive stamps add 0.3 (bench/loop-cost.js, three runs each on one slow day).
 */
import { BufferRing, type BufferRingOptions } from "./buffer-ring.js";
import { closeDescriptor } from "./close-descriptor.js";
import { errnos, lastErrno, SystemCallError } from "./errno.js";
import {
  IORING_CQE_F_BUFFER,
  IORING_CQE_F_MORE,
  IORING_ENTER_EXT_ARG,
  IORING_ENTER_GETEVENTS,
  IORING_OP_ASYNC_CANCEL,
  IORING_OP_POLL_ADD,
  IORING_OP_RECV,
  IORING_OP_RECVMSG,
  IORING_OP_SEND,
  IORING_POLL_ADD_MULTI,
  IORING_RECV_MULTISHOT,
  IOSQE_BUFFER_SELECT,
  IOSQE_CQE_SKIP_SUCCESS,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  MSG_WAITALL,
} from "./io-uring-codes.js";
import { cancelAllRequests } from "./io-uring-register.js";
import { type IoUringMaps, type RingSizes, setUpIoUring } from "./io-uring-setup.js";
import { libc } from "./libc.js";
import type { PinnedBuffer } from "./pinned-buffer.js";
import { WaitArgument } from "./wait-argument.js";

/** What a completion is the answer to. */
export const ringRequests = { receive: 1, send: 2, poll: 3, cancel: 4 } as const;

const entryWords = 16;
const bufferGroupWord = 10;
const completionWords = 4;
const waiting = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;

/** Whether a send that succeeds has a completion too. */
type Report = "all" | "failures";

export class IoUring {
  readonly #maps: IoUringMaps;
  readonly #bufferRings: BufferRing[] = [];
  // The views of the mapped memory; empty once it is unmapped, so that a call too late reads nothing.
  #rings: Int32Array;
  #entries: Int32Array;
  #tail: number;
  #head: number;
  /** Requests written and not yet taken by the kernel. */
  #unsubmitted = 0;
  #completions = 0;
  readonly #waitArgument = new WaitArgument();

  /** @throws SystemCallError where the kernel has no such ring or forbids it */
  constructor(sizes: RingSizes) {
    this.#maps = setUpIoUring(sizes);
    this.#rings = new Int32Array(this.#maps.rings.view);
    this.#entries = new Int32Array(this.#maps.entries.view);
    this.#tail = this.#rings[this.#maps.submission.tailWord] as number;
    this.#head = this.#rings[this.#maps.completion.headWord] as number;
  }

  /** Gives the kernel buffers to receive into. They live as long as this ring. */
  provideBuffers(options: BufferRingOptions): BufferRing {
    const ring = new BufferRing(this.#maps.fd, options);
    this.#bufferRings.push(ring);
    return ring;
  }

  /**
   * Asks for everything that comes, one completion each, into buffers of the ring's, until a completion has no `more`:
   * at the stream's end, at an error, or with -ENOBUFS when the buffers were used up. Then it is to be asked again.
   * @param tag any 32-bit integer, given back with each completion
   */
  receive(fd: number, buffers: BufferRing, tag: number): void {
    const what = IORING_OP_RECV | IOSQE_BUFFER_SELECT | IORING_RECV_MULTISHOT;
    const entry = this.#request(what, fd, 0, 0, 0, ringRequests.receive, tag);
    this.#entries[entry + bufferGroupWord] = buffers.group;
  }

  /** The same with the kernel's receive stamps: see `BufferRing.stampNsOf`. The socket needs `setReceiveStamps`. */
  receiveStamped(fd: number, buffers: BufferRing, tag: number): void {
    const what = IORING_OP_RECVMSG | IOSQE_BUFFER_SELECT | IORING_RECV_MULTISHOT;
    const entry = this.#request(what, fd, buffers.messageHeader.address, 1, 0, ringRequests.receive, tag);
    this.#entries[entry + bufferGroupWord] = buffers.group;
  }

  /**
   * Sends all of a range. The kernel may read it until the completion comes; with `failures` alone reported there is
   * none as a rule, and the range must stay as it is until the peer has answered it. Not a second one to a socket
   * before that either: where the first has to wait, the second overtakes it.
   */
  send(fd: number, source: PinnedBuffer, start: number, end: number, tag: number, report: Report): void {
    source.assertHolds(start, end);
    const what = IORING_OP_SEND | (report === "failures" ? IOSQE_CQE_SKIP_SUCCESS : 0);
    const flags = MSG_NOSIGNAL | MSG_WAITALL;
    this.#request(what, fd, source.address + start, end - start, flags, ringRequests.send, tag);
  }

  /**
   * Sends what the socket takes at once, when the requests are handed over; the range may change after that. Only if
   * it took less than all a completion comes, in the same `wait`: the bytes taken, or `-errno` (`EAGAIN`: none). Not a
   * second one to a socket in the same `wait`: it may find the room that the first did not.
   */
  sendNow(fd: number, source: PinnedBuffer, start: number, end: number, tag: number): void {
    source.assertHolds(start, end);
    const flags = MSG_NOSIGNAL | MSG_WAITALL | MSG_DONTWAIT;
    const what = IORING_OP_SEND | IOSQE_CQE_SKIP_SUCCESS;
    this.#request(what, fd, source.address + start, end - start, flags, ringRequests.send, tag);
  }

  /** A completion each time that `fd` has one of the events of `epollEvents`, so an epoll's or an eventfd's as well. */
  poll(fd: number, mask: number, tag: number): void {
    this.#request(IORING_OP_POLL_ADD, fd, 0, IORING_POLL_ADD_MULTI, mask, ringRequests.poll, tag);
  }

  /**
   * Ends the receive that has this tag, by -ECANCELED; a completion of its own comes only if there is none. A request
   * keeps its socket open, even after `closeDescriptor`.
   */
  cancelReceive(tag: number): void {
    const what = IORING_OP_ASYNC_CANCEL | IOSQE_CQE_SKIP_SUCCESS;
    const entry = this.#request(what, -1, 0, 0, 0, ringRequests.cancel, tag);
    // In place of an address it has the mark of the request to be ended.
    this.#entries[entry + 4] = tag;
    this.#entries[entry + 5] = ringRequests.receive;
  }

  /**
   * Hands the kernel all requests, and waits for a completion, the timeout or a signal.
   * @param timeoutNs 0 does not wait, negative waits without end
   * @returns how many completions there are, good until the next call
   */
  wait(timeoutNs: number): number {
    const { completion } = this.#maps;
    this.#head = (this.#head + this.#completions) | 0;
    Atomics.store(this.#rings, completion.headWord, this.#head);
    for (const buffers of this.#bufferRings) buffers.publish();
    this.#waitArgument.set(timeoutNs);
    this.#enter(timeoutNs === 0 ? 0 : 1, waiting);
    this.#completions = (Atomics.load(this.#rings, completion.tailWord) - this.#head) | 0;
    return this.#completions;
  }

  /**
   * Hands the kernel all requests, and waits for nothing.
   * @returns how many completions there are now: behind those of the last `wait`, some of the next
   */
  submit(): number {
    this.#enter(0, 0);
    return (Atomics.load(this.#rings, this.#maps.completion.tailWord) - this.#head) | 0;
  }

  tagAt(index: number): number {
    return this.#rings[this.#completion(index)] as number;
  }

  /** One of `ringRequests`. */
  requestAt(index: number): number {
    return this.#rings[this.#completion(index) + 1] as number;
  }

  /** What the system call would have returned: bytes, 0 at the stream's end, or `-errno`. */
  resultAt(index: number): number {
    return this.#rings[this.#completion(index) + 2] as number;
  }

  /** Whether more completions of the same request will come. */
  moreAt(index: number): boolean {
    return ((this.#rings[this.#completion(index) + 3] as number) & IORING_CQE_F_MORE) !== 0;
  }

  /** The buffer that was received into, or -1 for none; whoever has read it gives it back to its `BufferRing`. */
  bufferAt(index: number): number {
    const flags = this.#rings[this.#completion(index) + 3] as number;
    return flags & IORING_CQE_F_BUFFER ? flags >>> 16 : -1;
  }

  /** Ends all requests, and frees the ring and its buffers. Sockets stay open. Nothing may be called afterwards. */
  close(): void {
    // The kernel alone would end them later; until then they hold on to sockets, and to memory soon another's.
    this.#unsubmitted = 0;
    cancelAllRequests(this.#maps.fd);
    this.#enter(0, waiting);
    // Without these nothing can reach the memory when it is gone.
    this.#rings = new Int32Array(0);
    this.#entries = new Int32Array(0);
    for (const buffers of this.#bufferRings) buffers.close();
    closeDescriptor(this.#maps.fd);
    this.#maps.rings.unmap();
    this.#maps.entries.unmap();
  }

  /**
   * Writes struct io_uring_sqe. Not an object of options, for that would be one allocation a message.
   * @returns the index of the entry's first word, for what only some requests have
   */
  #request(
    what: number,
    fd: number,
    address: number,
    length: number,
    flags: number,
    request: number,
    tag: number,
  ): number {
    const { count, mask } = this.#maps.submission;
    if (this.#unsubmitted === count) this.#enter(0, 0);
    const words = this.#entries;
    const entry = (this.#tail & mask) * entryWords;
    words[entry] = what;
    words[entry + 1] = fd;
    words[entry + 2] = 0;
    words[entry + 3] = 0;
    words[entry + 4] = address | 0;
    words[entry + 5] = Math.floor(address / 2 ** 32);
    words[entry + 6] = length;
    words[entry + 7] = flags;
    words[entry + 8] = tag;
    words[entry + 9] = request;
    for (let word = bufferGroupWord; word < entryWords; word++) words[entry + word] = 0;
    this.#tail = (this.#tail + 1) | 0;
    this.#unsubmitted++;
    return entry;
  }

  /** Submits all there is; with so many completions there already it does not wait. */
  #enter(completions: number, flags: number): void {
    const { fd, submission } = this.#maps;
    Atomics.store(this.#rings, submission.tailWord, this.#tail);
    const { address, length } = this.#waitArgument;
    const taken = libc().ioUringEnter(fd, this.#unsubmitted, completions, flags, address, length);
    if (taken >= 0) {
      this.#unsubmitted -= taken;
      return;
    }
    const errno = lastErrno();
    // The timeout is over, or a signal came; whatever was submitted would have been the result instead.
    if (errno !== errnos.ETIME && errno !== errnos.EINTR) throw new SystemCallError("io_uring_enter", errno);
  }

  #completion(index: number): number {
    const { mask, firstWord } = this.#maps.completion;
    return firstWord + ((this.#head + index) & mask) * completionWords;
  }
}
