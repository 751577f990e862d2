/** The median over trials, of what was measured. */

export interface TrialsMedian {
  /** Null when no trial has the value. */
  readonly median: number | null;
  /** Some trials have the value and some have not: the median is of a part. */
  readonly isPartial: boolean;
}

/** The lower and the upper middle's mean for an even number. */
export function medianOf(values: readonly (number | null | undefined)[]): TrialsMedian {
  const measured = values.flatMap((value) =>
    typeof value === "number" && Number.isFinite(value) ? [value] : [],
  );
  const sorted = measured.sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.floor(sorted.length / 2)];
  const median = low === undefined || high === undefined ? null : (low + high) / 2;
  return { median, isPartial: measured.length > 0 && measured.length < values.length };
}
