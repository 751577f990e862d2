/** A cross at each place that has a value. */
import type { Spot } from "./chart-view.js";

export function crossesAt(values: readonly (number | null)[]): Spot[][] {
  return values.map((y) => (y === null ? [] : [{ y, shape: "cross" }]));
}
