/**
 * The curve that never falls and lies nearest to points, by weighted squares: pool adjacent violators (Ayer, Brunk, Ewing, Reid and
 * Silverman 1955). Where points fall it is level, at their weighted mean. Pure.
 */

interface Pool {
  readonly sum: number;
  readonly weight: number;
  readonly points: number;
}

/** @param points from left to right @returns a height for each */
export function risingFit(points: readonly { readonly y: number; readonly weight: number }[]): number[] {
  const pools: Pool[] = [];
  for (const { y, weight } of points) {
    let pool: Pool = { sum: y * weight, weight, points: 1 };
    for (let left = pools.at(-1); left !== undefined && mean(left) > mean(pool); left = pools.at(-1)) {
      pools.pop();
      pool = {
        sum: left.sum + pool.sum,
        weight: left.weight + pool.weight,
        points: left.points + pool.points,
      };
    }
    pools.push(pool);
  }
  return pools.flatMap((pool) => Array.from({ length: pool.points }, () => mean(pool)));
}

function mean({ sum, weight }: Pool): number {
  return sum / weight;
}
