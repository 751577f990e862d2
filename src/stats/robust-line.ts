/**
 * A straight line through a few steps that no single bad step can bend: slope by Theil and Sen, with Sen's interval
 * from Kendall's statistic (Sen, JASA 63, 1968; Hollander & Wolfe, Nonparametric Statistical Methods, 9.3). Pure.
 */

import { middleOf } from "./middle-of.js";
import { theilSenSlope } from "./theil-sen.js";

interface BoundedValue {
  readonly value: number;
  /** Null where there are too few points for a bound. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface RobustLine {
  readonly slope: BoundedValue;
  /** At x = 0: median of y − slope · x, with the bounds that the slope's have it at. */
  readonly intercept: BoundedValue;
}

interface LineOptions {
  /** Normal quantile of the interval's upper end; two-sided 95 % when left out. */
  readonly z?: number;
  /** What the variance of Kendall's S is multiplied by, for values that depend on each other; 1 when left out. */
  readonly inflation?: number;
}

const z95 = 1.959964;

/** Null with fewer than two different x. */
export function robustLine(
  points: readonly (readonly [x: number, y: number])[],
  { z = z95, inflation = 1 }: LineOptions = {},
): RobustLine | null {
  const slopes: number[] = [];
  for (const [index, [x, y]] of points.entries()) {
    for (const [otherX, otherY] of points.slice(index + 1)) {
      if (otherX !== x) slopes.push((otherY - y) / (otherX - x));
    }
  }
  const value = theilSenSlope(points);
  if (value === null) return null;
  slopes.sort((a, b) => a - b);
  const half = z * Math.sqrt(inflation * varianceOfKendall(points.map(([x]) => x)));
  const rank = Math.floor((slopes.length - half) / 2);
  const [low, high] =
    rank < 0 ? [null, null] : [slopes[rank] ?? null, slopes[slopes.length - 1 - rank] ?? null];
  const interceptFor = (slope: number): number => middleOf(points.map(([x, y]) => y - slope * x)) ?? 0;
  return {
    slope: { value, low, high },
    intercept: {
      value: interceptFor(value),
      low: high === null ? null : interceptFor(high),
      high: low === null ? null : interceptFor(low),
    },
  };
}

/** Of Kendall's S, with ties among the x. */
function varianceOfKendall(xs: readonly number[]): number {
  const term = (n: number): number => n * (n - 1) * (2 * n + 5);
  const ties = new Map<number, number>();
  for (const x of xs) ties.set(x, (ties.get(x) ?? 0) + 1);
  return (term(xs.length) - [...ties.values()].reduce((sum, n) => sum + term(n), 0)) / 18;
}
