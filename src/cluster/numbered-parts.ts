/**
 * What an agent says unasked, cut into parts that a NATS server takes and numbered over all of a session: NATS delivers in
 * order and at most once, so a number that is left out is something that nobody will ever say again.
 */
import { pack, unpack } from "./packing.js";

/** Number (4 bytes), and whether it ends a message (1). */
const headBytes = 5;

/** A part never shares memory with another: the client keeps a reference to what it is given until it is written. */
export class PartWriter {
  readonly #bodyBytes: number;
  readonly #publish: (part: Uint8Array) => void;
  #number = 0;

  /** @param mostBytes of a part: what the server allows */
  constructor(mostBytes: number, publish: (part: Uint8Array) => void) {
    this.#bodyBytes = mostBytes - headBytes;
    this.#publish = publish;
  }

  /** Parts so far. */
  get count(): number {
    return this.#number;
  }

  write(message: unknown): void {
    const bytes = pack(message);
    let from = 0;
    do {
      const body = bytes.subarray(from, from + this.#bodyBytes);
      from += this.#bodyBytes;
      const part = Buffer.alloc(headBytes + body.length);
      part.writeUInt32BE(this.#number++, 0);
      part[4] = from >= bytes.length ? 1 : 0;
      part.set(body, headBytes);
      this.#publish(part);
    } while (from < bytes.length);
  }
}

export class PartReader {
  #expected = 0;
  #pending: Uint8Array[] = [];
  /** A message whose beginning is lost. */
  #isBroken = false;
  #lost = 0;

  /** Parts that are known to be lost, since this was asked before. */
  takeLost(): number {
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }

  /** @returns the message that this part completes; undefined for none @throws as `unpack` */
  read(part: Uint8Array): unknown {
    if (part.length < headBytes) throw new RangeError("A part without a head");
    const number = Buffer.from(part.buffer, part.byteOffset, headBytes).readUInt32BE(0);
    if (number !== this.#expected) {
      this.#lost += Math.max(0, number - this.#expected);
      this.#pending = [];
      this.#isBroken = true;
    }
    this.#expected = number + 1;
    const isLast = part[4] === 1;
    if (!this.#isBroken) this.#pending.push(part.subarray(headBytes));
    if (!isLast) return undefined;
    const isWhole = !this.#isBroken;
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    // What follows a gap may be the rest of a message, whose end this is.
    this.#isBroken = false;
    return isWhole ? unpack(bytes) : undefined;
  }

  /** The writer has written so many: those that are not here will not come. */
  settle(count: number): void {
    this.#lost += Math.max(0, count - this.#expected);
    this.#expected = Math.max(this.#expected, count);
  }
}
