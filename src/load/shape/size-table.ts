/**
 * Sizes drawn once: a table in which a distribution stands with all its quantiles, in an order drawn by seed, and of which
 * each connection goes round from a place of its own. So a message's size follows from its number, at no cost, and a table
 * gone round has exactly the distribution's shape.
 */
import { createPrng, shuffled } from "../../base/prng.js";
import { mostSize, type SizeSpec } from "../../scenario/sizes.js";
import { normalQuantile } from "../../stats/normal-quantile.js";

const places = 4096;
/** Neighbouring connections begin far from each other: 4096 over the golden ratio, and odd. */
const stride = 2531;

export class SizeTable {
  /** The largest of them. */
  readonly most: number;
  readonly #sizes: Uint32Array;

  /** @param least bytes of the shortest message: what is drawn below it is as long as that */
  constructor(spec: SizeSpec, seed: number, least: number) {
    const drawn = Array.from({ length: places }, (_, index) =>
      Math.min(mostSize, Math.max(least, Math.round(quantileOf(spec, (index + 0.5) / places)))),
    );
    this.#sizes = Uint32Array.from(shuffled(drawn, createPrng(seed)));
    this.most = drawn.reduce((most, size) => Math.max(most, size), 0);
  }

  /** Bytes of a connection's message. @param sequence its number, from 0 */
  sizeOf(connection: number, sequence: number): number {
    return this.#sizes[(connection * stride + sequence) % places] as number;
  }
}

function quantileOf(spec: SizeSpec, share: number): number {
  switch (spec.kind) {
    case "range":
      // Every size has the same share, the ends as well.
      return Math.floor(spec.least + share * (spec.most - spec.least + 1));
    case "lognormal":
      return spec.median * spec.spread ** normalQuantile(share);
    case "counted": {
      const total = spec.counts.reduce((sum, count) => sum + count, 0);
      let left = share * total;
      const at = spec.counts.findIndex((count) => {
        left -= count;
        return left < 0;
      });
      return spec.sizes[at === -1 ? spec.sizes.length - 1 : at] as number;
    }
  }
}
