/**
 * How precisely a comparison is known: half the width of its 95 % interval, and what it takes to narrow it.
 */

/** A 95 % interval of a ratio, open where an end is null. */
interface RatioInterval {
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
}

/**
 * Half the width of an interval, as a share of the ratio: `√(high / low) − 1`, so 0.03 for "within ±3 %". Null where an
 * end is missing or no ratio.
 */
export function halfWidth({ ciLow, ciHigh }: RatioInterval): number | null {
  return ciLow === null || ciHigh === null || !(ciLow > 0) ? null : Math.sqrt(ciHigh / ciLow) - 1;
}

/**
 * About how many blocks bring an interval down to `precision`, told from `blocks`: widths shrink with the square root
 * of their number. Null without an interval.
 */
export function blocksForPrecision(
  interval: RatioInterval,
  blocks: number,
  precision: number,
): number | null {
  const width = halfWidth(interval);
  return width === null ? null : Math.ceil(blocks * (Math.log1p(width) / Math.log1p(precision)) ** 2);
}
