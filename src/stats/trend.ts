/**
 * The trend of a series of windows: slope by Theil and Sen, with an interval that holds although neighbours resemble
 * each other. Two intervals are reckoned, each for 99.5 %, and the narrower is taken:
 *
 * - Sen's (JASA 63, 1968), with Kendall's variance multiplied by (1 + φ) / (1 − φ), by which a first-order
 *   autocorrelation φ makes fewer values of many (Hamed & Rao, J. Hydrology 204, 1998). φ is that of what the slope
 *   leaves over, less its bias of −(2 + 4φ)/n beside a fitted line (Kendall, Biometrika 41, 1954), plus half a standard
 *   error, 1/(2√n), for it is only estimated; never below 0. Where φ is more than 0.7, neighbours are averaged two by
 *   two until it is not, or hardly enough are left, for means of blocks depend less on each other.
 * - that of a random walk, the extreme of dependence (φ = 1): ± t · √(6/5 · s² / n), with s² the variance of the steps
 *   from one value to the next (Nelson & Kang, Econometrica 49, 1981, for the slope's variance). For any less dependence
 *   it is too wide, never too narrow; and memory that leaks in every window has small steps to all sides of a large one.
 *
 * Of AR(1) series without a trend the interval leaves zero out in at most 2 % for φ up to 0.8, in 3.5 % for φ = 0.95
 * and in 5 % of random walks, at any of n = 8, 22, 36, 100, 216 (1,500 series each up to n = 36); most where n is small.
 * Pure.
 */
import { robustLine } from "./robust-line.js";
import { theilSenSlope } from "./theil-sen.js";

export interface Trend {
  /** In y a unit of x, with its 99 % interval. */
  readonly slope: number;
  readonly low: number;
  readonly high: number;
  /** Of the line, at the mean x. */
  readonly level: number;
  /** Of what the line leaves over, as it was reckoned with. */
  readonly autocorrelation: number;
  /** Values, or means of neighbours, that the line was laid through. */
  readonly values: number;
}

/** Two-sided 99.5 %, for one of two intervals is taken: 99 %, because several metrics of a soak are looked at. */
const z995 = 2.807034;
/** More are averaged into so many first: pairs go with the square, and neighbours have little to add. */
const mostValues = 120;
const fewestValues = 8;
const autocorrelationMost = 0.97;
const autocorrelationEnough = 0.7;

/**
 * @param points in order of x, about evenly spaced
 * @returns null with fewer than eight
 */
export function trendOf(points: readonly (readonly [x: number, y: number])[]): Trend | null {
  if (points.length < fewestValues) return null;
  let values = Math.min(points.length, mostValues);
  let thinned = averaged(points, values);
  let phi = leftOver(thinned);
  while (phi > autocorrelationEnough && values / 2 >= fewestValues) {
    values = Math.floor(values / 2);
    thinned = averaged(points, values);
    phi = leftOver(thinned);
  }
  const line = robustLine(thinned, { z: z995, inflation: (1 + phi) / (1 - phi) });
  if (line === null) return null;
  const { slope, intercept } = line;
  const walk = halfWidthOfWalk(points);
  const isWider = slope.low === null || slope.high === null || slope.high - slope.low > 2 * walk;
  const meanX = thinned.reduce((sum, [x]) => sum + x, 0) / thinned.length;
  return {
    slope: slope.value,
    low: isWider ? slope.value - walk : slope.low,
    high: isWider ? slope.value + walk : slope.high,
    level: intercept.value + slope.value * meanX,
    autocorrelation: phi,
    values,
  };
}

/** Of the slope's interval, were the values a random walk; Student's t by its first correction of the normal quantile. */
function halfWidthOfWalk(points: readonly (readonly [number, number])[]): number {
  const steps = points.slice(1).map(([, y], index) => y - (points[index]?.[1] ?? 0));
  const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
  const variance = steps.reduce((sum, step) => sum + (step - mean) ** 2, 0) / (steps.length - 1);
  const span = (points.at(-1)?.[0] ?? 0) - (points[0]?.[0] ?? 0);
  const t = z995 * (1 + (z995 ** 2 + 1) / (4 * steps.length));
  return (t * Math.sqrt((1.2 * variance) / steps.length)) / (span / steps.length);
}

/** Autocorrelation of what the slope leaves over. */
function leftOver(points: readonly (readonly [number, number])[]): number {
  const slope = theilSenSlope(points) ?? 0;
  return autocorrelationOf(points.map(([x, y]) => y - slope * x));
}

/** Means of neighbours, in so many groups as equal as can be. */
function averaged(
  points: readonly (readonly [number, number])[],
  groups: number,
): (readonly [number, number])[] {
  return Array.from({ length: groups }, (_, group) => {
    const members = points.slice(
      Math.floor((group * points.length) / groups),
      Math.floor(((group + 1) * points.length) / groups),
    );
    const mean = (place: 0 | 1): number =>
      members.reduce((sum, point) => sum + point[place], 0) / members.length;
    return [mean(0), mean(1)] as const;
  });
}

/** Of the first order, corrected and cautious as told above; 0 for values that are all the same. */
function autocorrelationOf(values: readonly number[]): number {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  let products = 0;
  let squares = 0;
  values.forEach((value, index) => {
    squares += (value - mean) ** 2;
    if (index > 0) products += (value - mean) * ((values[index - 1] as number) - mean);
  });
  // Rounding leaves something over of any straight line.
  const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (squares <= n * (scale * 1e-12) ** 2) return 0;
  const corrected = ((products / squares) * n + 2) / (n - 4) + 0.5 / Math.sqrt(n);
  return Math.min(autocorrelationMost, Math.max(0, corrected));
}
