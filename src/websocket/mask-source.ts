/**
 * Fresh masks. RFC 6455 (5.3, 10.3) wants each frame's mask unpredictable, from a strong source of entropy, so that
 * no page can choose the bytes that an intermediary sees. Drawn 4,096 at a time, node:crypto's generator costs 1.2 ns
 * a mask (5 µs a refill), as little as a xoshiro128** in JavaScript would: there is nothing to save by a weaker one.
 * Figures: bench/frame-cost.js.
 */
import { randomFillSync } from "node:crypto";

const poolMasks = 4096;

export class MaskSource {
  readonly #pool = new Uint32Array(poolMasks);
  #next = poolMasks;

  /** A word as the masker takes it: any 32 bits, 0 too. */
  next(): number {
    if (this.#next === poolMasks) {
      randomFillSync(this.#pool);
      this.#next = 0;
    }
    return this.#pool[this.#next++] as number;
  }
}
