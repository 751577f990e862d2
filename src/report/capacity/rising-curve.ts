/** Latency against load as one curve: more load never makes a message faster, and steps that say so are noise. */
import { risingFit } from "../../stats/rising-fit.js";

interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/**
 * On a logarithmic scale, as charts draw it.
 * @param steps in any order; those without a value are left out
 * @returns a point a load, from left to right
 */
export function risingCurve(
  steps: readonly { readonly x: number; readonly y: number | null | undefined }[],
): CurvePoint[] {
  const byLoad = new Map<number, number[]>();
  for (const { x, y } of steps) {
    if (y != null && y > 0) byLoad.set(x, [...(byLoad.get(x) ?? []), Math.log(y)]);
  }
  const loads = [...byLoad].sort(([a], [b]) => a - b);
  const fit = risingFit(
    loads.map(([, logs]) => ({
      y: logs.reduce((sum, log) => sum + log, 0) / logs.length,
      weight: logs.length,
    })),
  );
  return loads.map(([x], i) => ({ x, y: Math.exp(fit[i] ?? 0) }));
}
