/**
 * HdrHistogram's buckets at three digits, from 1 ns: 2,048 of width 1, then 1,024 for each doubling of the width
 * (HdrHistogram, "Histogram internals": subBucketCount = 2^ceil(log2(2·10^digits))).
 */

export const halfBits = 10;
export const half = 1 << halfBits;

/** Buckets that hold every value up to this one. */
export function bucketsUpTo(valueNs: number): number {
  const doublings = Math.max(0, Math.floor(Math.log2(valueNs)) - halfBits);
  return (doublings + 2) * half;
}

/** The bucket of a whole number of nanoseconds. */
export function bucketOf(valueNs: number): number {
  const shift = Math.max(0, Math.floor(Math.log2(valueNs)) - halfBits);
  return shift * half + Math.floor(valueNs / 2 ** shift);
}

export function lowestValueAt(bucket: number): number {
  if (bucket < 2 * half) return bucket;
  const shift = Math.floor(bucket / half) - 1;
  return (bucket - shift * half) * 2 ** shift;
}

export function highestValueAt(bucket: number): number {
  return lowestValueAt(bucket + 1) - 1;
}
