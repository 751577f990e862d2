/**
 * Bytes that come cut anywhere into whole HTTP/2 frames (RFC 9113, 4.1). A frame that lies whole in a read is handed on
 * where it lies; what is left at a read's end is copied, less than one frame.
 */
import { frameBytesUsual, frameHeaderBytes } from "./frame-types.js";

interface FrameTaker {
  /** The payload is the bytes [start, end) of `bytes`, good until the call returns. @returns whether to read on */
  frame(type: number, flags: number, stream: number, bytes: Buffer, start: number, end: number): boolean;
  /**
   * A frame has more than 16,384 bytes, which nobody has allowed. Nothing is read any more.
   * @param head its first five bytes, as Latin-1
   */
  tooLarge(length: number, head: string): void;
}

export class FrameSplitter {
  readonly #taker: FrameTaker;
  /** The beginning of a frame; empty until one has to be kept. */
  #kept = Buffer.alloc(0);
  #length = 0;
  #isStopped = false;

  constructor(taker: FrameTaker) {
    this.#taker = taker;
  }

  /** Takes the bytes [start, end). */
  read(bytes: Buffer, start: number, end: number): void {
    let at = this.#length > 0 ? this.#complete(bytes, start, end) : start;
    while (!this.#isStopped && end - at >= frameHeaderBytes) {
      const length = this.#lengthAt(bytes, at);
      const to = at + frameHeaderBytes + length;
      if (this.#isStopped || to > end) break;
      this.#hand(bytes, at, to);
      at = to;
    }
    if (!this.#isStopped && at < end) this.#keep(bytes, at, end);
  }

  /** Nothing is read any more, not even the rest of what is being read. */
  stop(): void {
    this.#isStopped = true;
    this.#length = 0;
  }

  /** Goes on with the frame that has begun. @returns where the next begins */
  #complete(bytes: Buffer, start: number, end: number): number {
    let at = this.#keepUpTo(frameHeaderBytes, bytes, start, end);
    if (this.#length < frameHeaderBytes) return at;
    const whole = frameHeaderBytes + this.#lengthAt(this.#kept, 0);
    if (this.#isStopped) return at;
    at = this.#keepUpTo(whole, bytes, at, end);
    if (this.#length < whole) return at;
    this.#length = 0;
    this.#hand(this.#kept, 0, whole);
    return at;
  }

  #lengthAt(bytes: Buffer, at: number): number {
    const length =
      ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
    if (length > frameBytesUsual) {
      this.stop();
      this.#taker.tooLarge(length, bytes.toString("latin1", at, at + 5));
    }
    return length;
  }

  #hand(bytes: Buffer, at: number, to: number): void {
    const stream =
      (((bytes[at + 5] as number) & 0x7f) << 24) |
      ((bytes[at + 6] as number) << 16) |
      ((bytes[at + 7] as number) << 8) |
      (bytes[at + 8] as number);
    const type = bytes[at + 3] as number;
    const flags = bytes[at + 4] as number;
    if (!this.#taker.frame(type, flags, stream, bytes, at + frameHeaderBytes, to)) this.stop();
  }

  #keepUpTo(whole: number, bytes: Buffer, start: number, end: number): number {
    const to = Math.min(end, start + Math.max(0, whole - this.#length));
    if (to > start) this.#keep(bytes, start, to);
    return to;
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    if (this.#kept.length === 0) this.#kept = Buffer.allocUnsafeSlow(frameHeaderBytes + frameBytesUsual);
    this.#length += bytes.copy(this.#kept, this.#length, start, end);
  }
}
