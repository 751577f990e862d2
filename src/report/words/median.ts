/** The median over trials, of what was measured. */
import { middleOf } from "../../stats/middle-of.js";

interface TrialsMedian {
  /** Null when no trial has the value. */
  readonly median: number | null;
  /** Some trials have the value and some have not: the median is of a part. */
  readonly isPartial: boolean;
}

export function medianOf(values: readonly (number | null | undefined)[]): TrialsMedian {
  const measured = values.flatMap((value) =>
    typeof value === "number" && Number.isFinite(value) ? [value] : [],
  );
  return { median: middleOf(measured), isPartial: measured.length > 0 && measured.length < values.length };
}
