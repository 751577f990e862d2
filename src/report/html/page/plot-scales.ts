/** How far a chart's axes reach, and whether the upright one is logarithmic. */
import type { ChartView } from "./chart-view.js";

/** Beyond this factor between least and greatest, the middle would be a flat line on an even scale. */
const evenScaleMax = 10;
/** An even scale spans at least this share of the greatest value, so that noise of 0.1 % does not look like a storm. */
const leastSpan = 0.2;

/** True where an even scale would flatten the middle. */
export function needsLogScale(view: ChartView): boolean {
  return view.yScale === "log" || spreadOf(view) > evenScaleMax;
}

function valuesOf({ lines }: ChartView): number[] {
  return lines.flatMap(({ values, spots = [] }) => [
    ...values.filter((value) => value !== null),
    ...spots.flat().map(({ y }) => y),
  ]);
}

/** Greatest over least; 1 where that says nothing. */
function spreadOf(view: ChartView): number {
  const values = valuesOf(view);
  const least = values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  return least > 0 && values.length > 0
    ? values.reduce((high, value) => Math.max(high, value), 0) / least
    : 1;
}

/** Out to the marks of the upright axis too. */
export function withMarks(
  low: number | null,
  high: number | null,
  { marks = [] }: ChartView,
): [number | null, number | null] {
  const places = marks.flatMap(({ axis, at }) => (axis === "y" ? [at] : []));
  if (low === null || high === null) return [low, high];
  return [Math.min(low, ...places), Math.max(high, ...places)];
}

/** Points at the edges are not cut in half. */
export function roomyRange(low: number, high: number, hasPoints: boolean): [number, number] {
  if (low === high) return [low - 1, high + 1];
  const room = hasPoints ? 0.015 * (high - low) : 0;
  return [low - room, high + room];
}

/** Both ends a little beyond the values. */
export function logRange(low: number | null, high: number | null): [number, number] {
  return low === null || high === null ? [1, 10] : [low / 1.15, high * 1.15];
}

/** Around the values, and never below 0. */
export function evenRange(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const span = Math.max(high - low, leastSpan * high, Number.EPSILON);
  const middle = (low + high) / 2;
  return [Math.max(0, middle - 0.6 * span), middle + 0.6 * span];
}
