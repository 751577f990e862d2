/**
 * Buffers that the kernel takes for itself when bytes come in (io_uring_register_buf_ring(3)), so that none is tied to
 * an idle connection. Made by `IoUring.provideBuffers`.
 */
import assert from "node:assert/strict";
import { registerBufferRing, unregisterBufferRing } from "./io-uring-register.js";
import { MappedMemory } from "./mapped-memory.js";
import { PinnedBuffer } from "./pinned-buffer.js";
import { nsOfTimespec, realtimeEpochS } from "./system-clock.js";

const mostBuffers = 32_768;

/** struct io_uring_buf { u64 address; u32 length; u16 id; u16 }, whose last field in the first entry is the tail. */
const entryBytes = 16;
const tailHalfWord = 7;

/** struct io_uring_recvmsg_out { u32 nameLength, controlLength, payloadLength, flags }, then the control message. */
const outBytes = 16;
const SOL_SOCKET = 1;
const SCM_TIMESTAMPNS = 35;
/** struct cmsghdr and a timespec. */
const controlBytes = 32;
/** What lies before the payload in a buffer that `IoUring.receiveStamped` filled, and is counted in the result. */
export const stampedHeaderBytes = outBytes + controlBytes;

export interface BufferRingOptions {
  /** The kernel's number for these buffers, from 0 to 65,535, one of its own for each ring of buffers. */
  readonly group: number;
  /** A power of two, no more than 32,768. */
  readonly count: number;
  readonly bytesEach: number;
}

export class BufferRing {
  readonly group: number;
  readonly bytesEach: number;
  /** All buffers, one behind the other: the one with `id` begins at `startOf(id)`. */
  bytes: Buffer;
  /** struct msghdr for receiving with stamps: no name, room for one control message. */
  readonly messageHeader = new PinnedBuffer(56);
  readonly #fd: number;
  readonly #count: number;
  readonly #entries: MappedMemory;
  readonly #data: MappedMemory;
  #entryWords: Int32Array;
  #entryHalfWords: Uint16Array;
  #dataWords: Int32Array;
  #tail = 0;

  constructor(ringFd: number, { group, count, bytesEach }: BufferRingOptions) {
    assert(count > 0 && count <= mostBuffers && (count & (count - 1)) === 0, `${count} buffers`);
    assert(bytesEach > stampedHeaderBytes && bytesEach % 16 === 0, `buffers of ${bytesEach} bytes`);
    this.group = group;
    this.bytesEach = bytesEach;
    this.#fd = ringFd;
    this.#count = count;
    this.#entries = new MappedMemory(count * entryBytes);
    this.#data = new MappedMemory(count * bytesEach);
    this.#entryWords = new Int32Array(this.#entries.view);
    this.#entryHalfWords = new Uint16Array(this.#entries.view);
    this.#dataWords = new Int32Array(this.#data.view);
    this.bytes = Buffer.from(this.#data.view);
    this.messageHeader.bytes.writeBigUInt64LE(BigInt(controlBytes), 40);
    registerBufferRing(ringFd, { address: this.#entries.address, count, group });
    for (let id = 0; id < count; id++) this.give(id);
    this.publish();
  }

  /** Where a buffer begins in `bytes`. */
  startOf(id: number): number {
    return id * this.bytesEach;
  }

  /** Hands a buffer back, for the kernel to fill again once it is published. */
  give(id: number): void {
    const entry = this.#tail & (this.#count - 1);
    const address = this.#data.address + id * this.bytesEach;
    this.#entryWords[entry * 4] = address | 0;
    this.#entryWords[entry * 4 + 1] = Math.floor(address / 2 ** 32);
    this.#entryWords[entry * 4 + 2] = this.bytesEach;
    this.#entryHalfWords[entry * 8 + 6] = id;
    this.#tail = (this.#tail + 1) & 0xffff;
  }

  /** Shows the kernel all that was given back; `IoUring.wait` does so. */
  publish(): void {
    Atomics.store(this.#entryHalfWords, tailHalfWord, this.#tail);
  }

  /** As `StampedReceiver.stampNs`, for a buffer that `IoUring.receiveStamped` filled. */
  stampNsOf(id: number): number | null {
    const at = this.startOf(id) / 4;
    const words = this.#dataWords;
    const isStamped =
      (words[at + 1] as number) >= controlBytes &&
      words[at + 6] === SOL_SOCKET &&
      words[at + 7] === SCM_TIMESTAMPNS;
    return isStamped ? nsOfTimespec(words, at + 8, realtimeEpochS) : null;
  }

  /** Only once no request uses it. */
  close(): void {
    // Without these nothing can reach the memory when it is gone.
    this.bytes = Buffer.alloc(0);
    this.#entryWords = new Int32Array(0);
    this.#entryHalfWords = new Uint16Array(0);
    this.#dataWords = new Int32Array(0);
    unregisterBufferRing(this.#fd, this.group);
    this.#entries.unmap();
    this.#data.unmap();
  }
}
