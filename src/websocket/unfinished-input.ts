/**
 * What a connection leaves behind when a read ends within a frame or a message. The read buffer belongs to every
 * connection, so the bytes are copied; most connections never have one of these.
 */
import type { FrameHeader, OpenMessage } from "./frame-header.js";
import { type Masker, rotateMask } from "./masker.js";
import { type Opcode, opcodes } from "./opcode.js";

/** A whole control frame, or the longest header: 2 + 4 + 125 bytes. */
const headBytesMax = 131;

/** Room taken at once for what is announced (pages not yet written take no memory); beyond that it must have come. */
const firstRoomBytes = 1024 * 1024;

/** Largest buffer that outlives its message. */
const keptBytesMax = 64 * 1024;

const nothing = Buffer.alloc(0);

export class UnfinishedInput implements OpenMessage {
  /** Of the message being collected; null while there is none. */
  opcode: Opcode | null = null;
  /** Bytes of it that came so far. */
  length = 0;
  /** The message's bytes, [0, length), unmasked. */
  bytes: Buffer = nothing;
  /** Payload bytes still to come of a data frame whose header was read. */
  frameLeft = 0;
  /** Whether that frame is its message's last. */
  isFinal = false;
  /** The beginning of a header or of a control frame, [0, headLength). */
  head: Buffer = nothing;
  headLength = 0;
  #mask = 0;

  get isEmpty(): boolean {
    return this.opcode === null && this.headLength === 0;
  }

  /** The message is complete. Its bytes stay as they are until the next one begins. */
  endMessage(): void {
    this.opcode = null;
    this.length = 0;
  }

  /** Gives up a large buffer, before this waits for its next use. */
  trim(): void {
    if (this.bytes.length > keptBytesMax) this.bytes = nothing;
  }

  /** Keeps as much of [start, end) as a header or a control frame can need. @returns how much that was */
  keepHead(buffer: Buffer, start: number, end: number): number {
    if (this.head === nothing) this.head = Buffer.allocUnsafeSlow(headBytesMax);
    const taken = buffer.copy(this.head, this.headLength, start, end);
    this.headLength += taken;
    return taken;
  }

  /** A data frame's payload begins: of a new message or of the one there is. */
  beginFrame({ opcode, isFinal, payloadLength, mask }: FrameHeader): void {
    if (opcode !== opcodes.continuation) this.opcode = opcode;
    this.isFinal = isFinal;
    this.frameLeft = payloadLength;
    this.#mask = mask;
  }

  /** Takes what [start, end) holds of the frame that has begun. @returns the offset behind it */
  fill(buffer: Buffer, start: number, end: number, masker: Masker): number {
    const taken = Math.min(this.frameLeft, end - start);
    const { length } = this;
    this.#makeRoom(taken);
    buffer.copy(this.bytes, length, start, start + taken);
    if (this.#mask !== 0) {
      masker.apply(this.bytes, length, length + taken, this.#mask);
      this.#mask = rotateMask(this.#mask, taken);
    }
    this.length = length + taken;
    this.frameLeft -= taken;
    return start + taken;
  }

  /** A whole message at once while it is no larger than that; else doubling, so that copying stays linear. */
  #makeRoom(coming: number): void {
    const needed = this.length + coming;
    if (needed <= this.bytes.length) return;
    const announced = this.length + this.frameLeft;
    const first = Math.min(announced, firstRoomBytes);
    const doubled = this.isFinal ? Math.min(announced, 2 * this.length) : 2 * this.length;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, first, doubled));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}
