/**
 * What a comparison could have seen: the smallest effect it would catch four times in five, and how many
 * blocks a smaller one would take (docs/statistics.md, Estimators).
 */
import { normalQuantile } from "./normal-quantile.js";
import type { Interval } from "./walsh-bounds.js";

/** z(0.8) = 0.8416: caught four times in five. */
const powerQuantile = normalQuantile(0.8);
/** The width of a normal 95 % interval in standard errors, 3.92. */
const ci95Width = 2 * normalQuantile(0.975);

/** How precisely a comparison read its log ratio. */
interface Precision {
  /** Standard error of the estimate, as a log ratio. */
  readonly se: number;
  /** The one-sided level the comparison was tested at. */
  readonly level: number;
  /** The log ratio it was tested against: 0, or the margin that may be used up. */
  readonly threshold: number;
}

/** The standard error that a 95 % interval stands for; null where it is open. */
export function standardError(ci95: Interval): number | null {
  return ci95.low === null || ci95.high === null ? null : (ci95.high - ci95.low) / ci95Width;
}

/** The slowdown, as a share (0.05 = 5 %), that would have been caught in 80 % of such runs. */
export function minimumDetectableEffect({ se, level, threshold }: Precision): number {
  return Math.expm1(threshold + (normalQuantile(1 - level) + powerQuantile) * se);
}

/**
 * About how many blocks it takes to see a slowdown of `effect` (0.05 = 5 %) four times in five, told from a run
 * of `n` blocks: `N = n · ((z(1−a) + z(0.8)) · se / (ln(1+X) − threshold))²`, rounded up. Null when the effect
 * does not exceed the threshold: no number of blocks would show it.
 */
export function blocksToSee(effect: number, n: number, { se, level, threshold }: Precision): number | null {
  const distance = Math.log1p(effect) - threshold;
  if (!(distance > 0)) return null;
  return Math.ceil(n * (((normalQuantile(1 - level) + powerQuantile) * se) / distance) ** 2);
}

/** Each of the two tests caught nine times in ten, so that both are in four of five. */
const bothQuantile = normalQuantile(0.9);

/**
 * About how many blocks it takes to prove two arms that are the same equivalent within `margin` four times in five, told
 * from a run of `n` blocks: `N = n · ((z(1−e) + z(0.9)) · se / ln(1+X))²`, rounded up. `level` is that of each test.
 */
export function blocksToProveEquivalent(
  margin: number,
  n: number,
  { se, level }: Pick<Precision, "se" | "level">,
): number {
  return Math.ceil(n * (((normalQuantile(1 - level) + bothQuantile) * se) / Math.log1p(margin)) ** 2);
}
