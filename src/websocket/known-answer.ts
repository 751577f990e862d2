/**
 * The answers of one server to one request are alike but for the value that proves them (RFC 6455, 4.2.2): once one was
 * read and held to the RFC, the next that has its bytes need not be. With a `Date` in it, that is until the next second.
 */
const unknown = -1;

export class KnownAnswer {
  #head = Buffer.alloc(0);
  #acceptAt = 0;
  #acceptEnd = 0;

  /** @param head the bytes of an answer that was accepted, all in one piece */
  learn(head: Buffer, accept: string): void {
    this.#head = Buffer.alloc(0);
    const at = head.indexOf(accept, 0, "latin1");
    if (at < 0 || head.includes(accept, at + 1, "latin1")) return;
    this.#head = Buffer.from(head);
    this.#acceptAt = at;
    this.#acceptEnd = at + accept.length;
  }

  /** @returns where in the first `end` bytes of a buffer the frames begin behind such an answer; -1 for any other */
  framesAt(buffer: Buffer, end: number, accept: string): number {
    const head = this.#head;
    const { length } = head;
    if (length === 0 || end < length) return unknown;
    const from = this.#acceptAt;
    const to = this.#acceptEnd;
    if (buffer.toString("latin1", from, to) !== accept) return unknown;
    if (buffer.compare(head, 0, from, 0, from) !== 0) return unknown;
    return buffer.compare(head, to, length, to, length) === 0 ? length : unknown;
  }
}
