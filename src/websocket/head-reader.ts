/**
 * Collects the head of an HTTP/1 message, its first line and its fields, out of bytes that come cut anywhere and with
 * other bytes joined on behind.
 */
import { type HeaderField, parseFields } from "./header-fields.js";

/** What node:http and most servers take. */
const headBytesMax = 16 * 1024;
const fieldsMax = 100;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export type HeadFaultCode = "head-too-large" | "too-many-fields" | "bare-line-feed" | "field-malformed";

/** Of an answer's head. */
export const headFaultWords: Readonly<Record<HeadFaultCode, string>> = {
  "head-too-large": "the response's head is longer than 16 KiB",
  "too-many-fields": "the response has more than 100 headers",
  "bare-line-feed": "a line ends without a carriage return",
  "field-malformed": "a header is malformed",
};

export interface Head {
  readonly firstLine: string;
  readonly fields: readonly HeaderField[];
  /** The bytes as they came, the empty line included. */
  readonly raw: Buffer;
}

type HeadReading =
  | { readonly kind: "incomplete" }
  /** `bodyAt`: where in the buffer just given the bytes behind the head begin. */
  | { readonly kind: "head"; readonly head: Head; readonly bodyAt: number }
  | { readonly kind: "fault"; readonly code: HeadFaultCode };

const incomplete: HeadReading = { kind: "incomplete" };
const nothing = Buffer.alloc(0);

/** For one head; a connection needs it only until its handshake is done. */
export class HeadReader {
  #kept = nothing;
  #length = 0;
  #lineLength = 0;
  #lines = 0;
  #previous = 0;

  /** What came so far, up to the byte that ended the head or broke it. */
  get soFar(): Buffer {
    return this.#kept.subarray(0, this.#length);
  }

  /** Takes the bytes [start, end). Not to be called again once the head or a fault was found. */
  read(buffer: Buffer, start: number, end: number): HeadReading {
    for (let at = start; at < end; at++) {
      if (this.#length + at - start >= headBytesMax) return this.#fail("head-too-large", buffer, start, at);
      const byte = buffer[at] as number;
      const isLineEnd = byte === lineFeed;
      // Taken for a line's end by some and not by others, it hides fields from a proxy (RFC 9112, 2.2 leaves it open).
      if (isLineEnd && this.#previous !== carriageReturn)
        return this.#fail("bare-line-feed", buffer, start, at + 1);
      this.#previous = byte;
      if (!isLineEnd) {
        this.#lineLength++;
        continue;
      }
      // Only the carriage return came before: the empty line. One before the first line is passed over (2.2).
      if (this.#lineLength === 1 && this.#lines > 0) return this.#finish(buffer, start, at + 1);
      if (this.#lineLength > 1) this.#lines++;
      this.#lineLength = 0;
      if (this.#lines > fieldsMax + 1) return this.#fail("too-many-fields", buffer, start, at + 1);
    }
    this.#keep(buffer, start, end);
    return incomplete;
  }

  #finish(buffer: Buffer, start: number, end: number): HeadReading {
    this.#keep(buffer, start, end);
    const raw = this.soFar;
    const lines = raw
      .toString("latin1")
      .replace(/^(\r\n)+/, "")
      .slice(0, -4)
      .split("\r\n");
    const firstLine = lines.shift() ?? "";
    const fields = parseFields(lines);
    if (fields === null) return { kind: "fault", code: "field-malformed" };
    return { kind: "head", head: { firstLine, fields, raw }, bodyAt: end };
  }

  #fail(code: HeadFaultCode, buffer: Buffer, start: number, end: number): HeadReading {
    this.#keep(buffer, start, end);
    return { kind: "fault", code };
  }

  #keep(buffer: Buffer, start: number, end: number): void {
    const length = this.#length + end - start;
    if (length > this.#kept.length) {
      // Exact at first, since most heads come in one piece.
      const grown = Buffer.allocUnsafe(Math.max(length, this.#length * 2));
      this.#kept.copy(grown, 0, 0, this.#length);
      this.#kept = grown;
    }
    buffer.copy(this.#kept, this.#length, start, end);
    this.#length = length;
  }
}
