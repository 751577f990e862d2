/**
 * Counts durations on the hot path: an array in HdrHistogram's own bucket layout for three digits, so that a record is
 * a shift and an increment (2 ns, where the library's takes 100 to 180) and turns into its histogram without loss.
 */
import { bucketOf, bucketsUpTo, half, halfBits, lowestValueAt } from "./histogram-buckets.js";
import { LatencyHistogram } from "./latency-histogram.js";
import { ns } from "./units.js";

/** Values from 2³¹ ns (2.1 s) on are rare, and kept one by one. */
const fastBelow = 2 ** 31;
const size = bucketsUpTo(fastBelow - 1);

export class LatencyRecorder {
  readonly #counts: Uint32Array;
  #slow: { readonly piece: number; readonly valueNs: number }[] = [];

  /** @param pieces each counts for itself: memory that no value has touched is the kernel's, and costs nothing */
  constructor(pieces = 1) {
    this.#counts = new Uint32Array(size * pieces);
  }

  /** Records one duration in whole nanoseconds; a fraction is dropped, and a negative one is recorded as 0. */
  record(valueNs: number, piece = 0): void {
    if (valueNs < fastBelow) {
      const value = valueNs > 0 ? valueNs | 0 : 0;
      const shift = value < half ? 0 : 31 - Math.clz32(value) - halfBits;
      const index = piece * size + (shift << halfBits) + (value >>> shift);
      this.#counts[index] = (this.#counts[index] as number) + 1;
    } else {
      this.#slow.push({ piece, valueNs: ns(valueNs) });
    }
  }

  /** Everything recorded so far, since the last `clear`, in all pieces. */
  toHistogram(): LatencyHistogram {
    const histogram = new LatencyHistogram();
    this.#sumOfPieces().forEach((count, bucket) => {
      if (count > 0) histogram.record(ns(lowestValueAt(bucket)), count);
    });
    for (const { valueNs } of this.#slow) histogram.record(ns(valueNs));
    return histogram;
  }

  /** Of one piece: pairs of a bucket and how many it holds; empty ones left out. */
  toPairs(piece: number): Uint32Array {
    const pairs: number[] = [];
    const counts = this.#counts.subarray(piece * size, (piece + 1) * size);
    for (let bucket = 0; bucket < size; bucket++) {
      const count = counts[bucket] as number;
      if (count > 0) pairs.push(bucket, count);
    }
    for (const slow of this.#slow) if (slow.piece === piece) pairs.push(bucketOf(slow.valueNs), 1);
    return Uint32Array.from(pairs);
  }

  clear(): void {
    this.#counts.fill(0);
    this.#slow = [];
  }

  /** The library takes far longer over a count than a sum does. */
  #sumOfPieces(): Uint32Array {
    const counts = this.#counts;
    if (counts.length === size) return counts;
    const sum = new Uint32Array(size);
    for (let first = 0; first < counts.length; first += size) {
      for (let bucket = 0; bucket < size; bucket++) {
        sum[bucket] = (sum[bucket] as number) + (counts[first + bucket] as number);
      }
    }
    return sum;
  }
}
