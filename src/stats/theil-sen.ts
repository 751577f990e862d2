/**
 * The slope of a line through points some of which may be far off: Theil (1950) and Sen (1968), the median of the
 * slopes of all pairs. Up to 29 % of the points may lie anywhere without moving it out of bounds.
 */

export type Point = readonly [x: number, y: number];

/** In y a unit of x; pairs of the same x have no slope and are left out. Null when no pair has one. */
export function theilSenSlope(points: readonly Point[]): number | null {
  const slopes: number[] = [];
  points.forEach(([x1, y1], i) => {
    for (const [x2, y2] of points.slice(i + 1)) if (x2 !== x1) slopes.push((y2 - y1) / (x2 - x1));
  });
  slopes.sort((a, b) => a - b);
  const low = slopes[Math.floor((slopes.length - 1) / 2)];
  const high = slopes[Math.floor(slopes.length / 2)];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
