/**
 * Bytes that a socket did not take yet, in the order in which they are to go.
 */
const smallestBytes = 4096;

export class Backlog {
  #bytes: Buffer;
  #start = 0;
  #end = 0;

  /** @param expectedBytes how many to make room for at once */
  constructor(expectedBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(smallestBytes, expectedBytes));
  }

  get length(): number {
    return this.#end - this.#start;
  }

  append(source: Buffer, start: number, end: number): void {
    this.#makeRoom(end - start);
    this.#end += source.copy(this.#bytes, this.#end, start, end);
  }

  /** Copies the first bytes, as many as the target takes, and leaves them here. @returns how many */
  peek(target: Buffer): number {
    return this.#bytes.copy(target, 0, this.#start, this.#end);
  }

  /** They are gone. */
  skip(length: number): void {
    this.#start += length;
  }

  /** Doubles, so that copying stays linear, unless moving to the front is enough. */
  #makeRoom(coming: number): void {
    if (this.#end + coming <= this.#bytes.length) return;
    const needed = this.length + coming;
    const isRoomy = needed <= this.#bytes.length / 2;
    const target = isRoomy ? this.#bytes : Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    this.#end = this.#bytes.copy(target, 0, this.#start, this.#end);
    this.#start = 0;
    this.#bytes = target;
  }
}
