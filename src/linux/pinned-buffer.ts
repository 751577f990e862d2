/**
 * Memory that both JavaScript and the kernel see. Its address is a plain number, taken once: handing that to a system
 * call costs 26 ns less than handing the Buffer (see native-library.ts), and structures can point to each other.
 */
import assert from "node:assert/strict";
import { koffi } from "./linux-layer.js";

/**
 * The memory lives as long as this object or any view of it. A number keeps nothing alive: whoever passes `address`
 * on holds the object until the kernel is done with it.
 */
export class PinnedBuffer {
  readonly bytes: Buffer;
  readonly address: number;
  readonly length: number;

  /** @param length in bytes; all zero at first, 16-byte aligned */
  constructor(length: number) {
    assert(Number.isInteger(length) && length > 0, `${length} is no length`);
    // V8 may keep a small typed array inside its moving heap, but never an ArrayBuffer's memory.
    this.bytes = Buffer.from(new ArrayBuffer(length));
    this.address = Number(koffi().address(this.bytes));
    this.length = length;
    assert(Number.isSafeInteger(this.address) && this.address % 8 === 0);
  }

  /** Beyond its bounds C would read or write the memory of others. An empty range is a mistake as well. */
  assertHolds(start: number, end: number): void {
    if (!(start >= 0 && start < end && end <= this.length)) {
      assert.fail(`${start} to ${end} of ${this.length} bytes`);
    }
  }

  /** The same memory as 32-bit words, in the processor's own order (little-endian on all that are known here). */
  words(): Int32Array {
    assert(this.length % 4 === 0);
    return new Int32Array(this.bytes.buffer, this.bytes.byteOffset, this.length / 4);
  }
}
