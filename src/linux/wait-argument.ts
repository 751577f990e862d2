/**
 * The timeout of an io_uring_enter: struct io_uring_getevents_arg { sigmask*; u32 size; u32 reserved; timespec* }, and
 * the timespec behind it.
 */
import { PinnedBuffer } from "./pinned-buffer.js";

const argumentBytes = 24;
const timespecBytes = 16;

export class WaitArgument {
  readonly length = argumentBytes;
  readonly #memory = new PinnedBuffer(argumentBytes + timespecBytes);
  readonly #words = this.#memory.words();

  get address(): number {
    return this.#memory.address;
  }

  /** @param timeoutNs negative for none */
  set(timeoutNs: number): void {
    const words = this.#words;
    const timespec = timeoutNs < 0 ? 0 : this.#memory.address + argumentBytes;
    words[4] = timespec | 0;
    words[5] = Math.floor(timespec / 2 ** 32);
    if (timeoutNs < 0) return;
    const seconds = Math.floor(timeoutNs / 1e9);
    words[6] = seconds;
    words[8] = timeoutNs - seconds * 1e9;
  }
}
