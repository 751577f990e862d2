/**
 * Whole pages of memory outside JavaScript's (mmap(2)): shared with the kernel, or plain.
 */
import assert from "node:assert/strict";
import { checked } from "./errno.js";
import { libc } from "./libc.js";
import { koffi } from "./linux-layer.js";

const PROT_READ_WRITE = 3;
const MAP_SHARED = 0x01;
const MAP_PRIVATE = 0x02;
const MAP_ANONYMOUS = 0x20;
const MAP_POPULATE = 0x8000;

/**
 * Nobody frees it but `unmap`. After that every view of it is deadly: reading one is a segmentation fault, or another
 * owner's memory. Whoever unmaps lets go of the views first.
 */
export class MappedMemory {
  readonly address: number;
  readonly length: number;
  readonly view: ArrayBuffer;
  #isMapped = true;

  /**
   * @param length in bytes; all zero at first unless it is another's
   * @param of what `fd` shows from `offset` on, which the kernel shares; plain memory where it is left out
   * @throws SystemCallError
   */
  constructor(length: number, of?: { readonly fd: number; readonly offset: number }) {
    const flags = of === undefined ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED | MAP_POPULATE;
    const address = libc().mmap(0, length, PROT_READ_WRITE, flags, of?.fd ?? -1, of?.offset ?? 0);
    this.address = checked("mmap", address);
    this.length = length;
    this.view = koffi().view(this.address, length);
  }

  unmap(): void {
    assert(this.#isMapped, "unmapped twice");
    this.#isMapped = false;
    checked("munmap", libc().munmap(this.address, this.length));
  }
}
