/** Round numbers for an axis: steps of 1, 2 or 5, also on a logarithmic scale. */

interface MarkOptions {
  readonly isLog: boolean;
  /** About so many. */
  readonly marks: number;
}

/** @returns marks within [low, high], the least first */
export function niceMarks(low: number, high: number, { isLog, marks }: MarkOptions): number[] {
  if (!(high > low)) return [low];
  if (!isLog || low <= 0) return evenMarks(low, high, marks);
  const decades = Math.log10(high / low);
  const within = (steps: readonly number[]): number[] => {
    const first = Math.floor(Math.log10(low));
    const powers = Array.from({ length: Math.ceil(decades) + 2 }, (_, i) => 10 ** (first + i));
    return powers
      .flatMap((power) => steps.map((step) => step * power))
      .filter((mark) => mark >= low && mark <= high);
  };
  const choices = [[1, 1.5, 2, 3, 4, 5, 7], [1, 2, 5], [1, 3], [1]].map(within);
  return choices.find((choice) => choice.length <= marks * 1.3) ?? choices.at(-1) ?? [];
}

function evenMarks(low: number, high: number, marks: number): number[] {
  const rough = (high - low) / Math.max(1, marks);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step);
}
