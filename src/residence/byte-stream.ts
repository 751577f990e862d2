/**
 * One direction of a TCP connection as it was seen on its way: the bytes in order, each once, with the stamp of the packet
 * that made them whole, which is when whoever reads them could (RFC 9293, 3.4).
 */

export interface ByteReader {
  /** Takes the bytes [start, end) of a buffer that is good until the call returns. */
  read(buffer: Buffer, start: number, end: number, stampNs: number): void;
}

/** Segments that came before one that is missing. */
interface Early {
  readonly sequence: number;
  readonly bytes: Buffer;
}

/** More than that are waited for by nobody: what is missing was never seen. */
const mostEarly = 64;

export class ByteStream {
  readonly #reader: ByteReader;
  /** The sequence number of the next byte; null before the connection was seen to open. */
  #next: number | null = null;
  #early: Early[] = [];
  #isBroken = false;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  /** Whether bytes are missing, so that nothing more is read. */
  get isBroken(): boolean {
    return this.#isBroken || this.#early.length > 0;
  }

  /** @param sequence of the SYN */
  begin(sequence: number): void {
    this.#next = (sequence + 1) >>> 0;
  }

  /** @param sequence of the first of the bytes [start, end) */
  take(sequence: number, buffer: Buffer, start: number, end: number, stampNs: number): void {
    if (this.#next === null || this.#isBroken) return;
    const ahead = (sequence - this.#next) | 0;
    if (ahead > 0) {
      this.#keep(sequence, buffer.subarray(start, end));
      return;
    }
    // What was seen before is sent again.
    const fresh = start - ahead;
    if (fresh >= end) return;
    this.#next = (this.#next + end - fresh) >>> 0;
    this.#reader.read(buffer, fresh, end, stampNs);
    if (this.#early.length > 0) this.#catchUp(stampNs);
  }

  /** A packet of it was not taken whole. */
  break(): void {
    this.#isBroken = true;
    this.#early = [];
  }

  #keep(sequence: number, bytes: Buffer): void {
    if (this.#early.length === mostEarly) this.break();
    else this.#early.push({ sequence, bytes: Buffer.from(bytes) });
  }

  #catchUp(stampNs: number): void {
    const waiting = this.#early.sort((a, b) => (a.sequence - b.sequence) | 0);
    this.#early = [];
    for (const { sequence, bytes } of waiting) this.take(sequence, bytes, 0, bytes.length, stampNs);
  }
}
