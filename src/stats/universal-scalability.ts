/**
 * Gunther's Universal Scalability Law, X(N) = γN / (1 + α(N − 1) + βN(N − 1)): what one worker carries (γ), what they
 * wait for each other (α, contention) and what they tell each other (β, coherency). N / X(N) is linear in 1, N − 1 and
 * N(N − 1), so it is fitted there by least squares, and no coefficient is below 0 (Gunther, Guerrilla Capacity
 * Planning, 2007, ch. 5). Pure.
 */

interface ScalabilityFit {
  /** What one worker carries. */
  readonly perWorker: number;
  readonly contention: number;
  readonly coherency: number;
  /** What so many workers carry by this law. */
  carriedBy(workers: number): number;
}

/** Null with fewer than two different numbers of workers. With two, coherency cannot be told and is taken as 0. */
export function fitScalability(
  points: readonly { readonly workers: number; readonly carried: number }[],
): ScalabilityFit | null {
  const known = points.filter(({ workers, carried }) => workers >= 1 && carried > 0);
  const different = new Set(known.map(({ workers }) => workers)).size;
  if (different < 2) return null;
  const terms: readonly ((n: number) => number)[] = [() => 1, (n) => n - 1, (n) => n * (n - 1)];
  const subsets = different < 3 ? [[0, 1], [0]] : [[0, 1, 2], [0, 1], [0, 2], [0]];
  const candidates = subsets.flatMap((subset) => {
    const rows = known.map(({ workers }) => subset.map((index) => terms[index]?.(workers) ?? 0));
    const solved = leastSquares(
      rows,
      known.map(({ workers, carried }) => workers / carried),
    );
    if (solved === null || solved.some((value) => value < 0)) return [];
    const coefficients = [0, 0, 0];
    for (const [place, index] of subset.entries()) coefficients[index] = solved[place] ?? 0;
    return [{ coefficients, error: errorOf(coefficients, known, terms) }];
  });
  const [best] = candidates.sort((a, b) => a.error - b.error);
  const [inverse = 0, byContention = 0, byCoherency = 0] = best?.coefficients ?? [];
  if (!(inverse > 0)) return null;
  const perWorker = 1 / inverse;
  const contention = byContention / inverse;
  const coherency = byCoherency / inverse;
  return {
    perWorker,
    contention,
    coherency,
    carriedBy: (n) => (perWorker * n) / (1 + contention * (n - 1) + coherency * n * (n - 1)),
  };
}

function errorOf(
  coefficients: readonly number[],
  points: readonly { readonly workers: number; readonly carried: number }[],
  terms: readonly ((n: number) => number)[],
): number {
  return points.reduce((sum, { workers, carried }) => {
    const fitted = coefficients.reduce(
      (total, value, index) => total + value * (terms[index]?.(workers) ?? 0),
      0,
    );
    return sum + (workers / carried - fitted) ** 2;
  }, 0);
}

/** By the normal equations; null when they have no single solution. */
function leastSquares(rows: readonly (readonly number[])[], values: readonly number[]): number[] | null {
  const size = rows[0]?.length ?? 0;
  const matrix = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_unused, j) =>
      rows.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0),
    ),
    rows.reduce((sum, row, index) => sum + (row[i] ?? 0) * (values[index] ?? 0), 0),
  ]);
  return eliminate(matrix);
}

/** Gauss and Jordan, with the greatest pivot of each column. */
function eliminate(matrix: number[][]): number[] | null {
  const size = matrix.length;
  for (let column = 0; column < size; column++) {
    const rest = matrix.slice(column).map((row) => Math.abs(row[column] ?? 0));
    const greatest = Math.max(...rest);
    if (!(greatest > 0)) return null;
    const pivotAt = column + rest.indexOf(greatest);
    const pivot = matrix[pivotAt] ?? [];
    matrix[pivotAt] = matrix[column] ?? [];
    matrix[column] = pivot.map((value) => value / (pivot[column] ?? 1));
    for (let row = 0; row < size; row++) {
      const factor = matrix[row]?.[column] ?? 0;
      if (row === column || factor === 0) continue;
      matrix[row] = (matrix[row] ?? []).map((value, at) => value - factor * (matrix[column]?.[at] ?? 0));
    }
  }
  return matrix.map((row) => row[size] ?? 0);
}
