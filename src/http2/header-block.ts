/**
 * A header block on its way: HEADERS and the CONTINUATION frames behind it, between which nothing else may come
 * (RFC 9113, 4.3).
 */
import { type ConnectionError, flags } from "./frame-types.js";

/** Beyond this it is no answer to a handshake. */
const blockBytesMax = 64 * 1024;
/** Empty ones cost the sender nothing. */
const continuationsMax = 64;
const priorityBytes = 5;

export class HeaderBlock {
  readonly stream: number;
  readonly isLast: boolean;
  readonly #parts: Buffer[] = [];
  #bytes = 0;

  private constructor(stream: number, isLast: boolean) {
    this.stream = stream;
    this.isLast = isLast;
  }

  /** Of a HEADERS frame's payload [start, end). */
  static begin(
    flag: number,
    stream: number,
    bytes: Buffer,
    start: number,
    end: number,
  ): HeaderBlock | ConnectionError {
    let from = start;
    let to = end;
    if ((flag & flags.padded) !== 0) {
      to -= start < end ? (bytes[start] as number) : 0;
      from++;
    }
    if ((flag & flags.priority) !== 0) from += priorityBytes;
    if (from > to) return { name: "PROTOCOL_ERROR", detail: "HEADERS shorter than its padding" };
    const block = new HeaderBlock(stream, (flag & flags.endStream) !== 0);
    return block.add(bytes, from, to) ?? block;
  }

  /** A copy. */
  add(bytes: Buffer, start: number, end: number): ConnectionError | null {
    this.#bytes += end - start;
    if (this.#bytes > blockBytesMax || this.#parts.length > continuationsMax)
      return { name: "ENHANCE_YOUR_CALM", detail: "a header block of more than 64 KiB, or 64 frames" };
    this.#parts.push(Buffer.from(bytes.subarray(start, end)));
    return null;
  }

  whole(): Buffer {
    return Buffer.concat(this.#parts);
  }
}
