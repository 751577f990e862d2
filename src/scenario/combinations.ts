/**
 * The combinations of a matrix's axes, with `exclude` and `include` as in a GitHub Actions matrix.
 */
import type { Axis, Point } from "./axes.js";

interface MatrixLists {
  /** Leaves out every combination that has all the values of one of these. */
  readonly exclude: readonly Point[];
  /**
   * Each adds its values to every combination of the axes whose values it would not overwrite, or, where there is none,
   * is a combination of its own. Values that an earlier include added may be overwritten.
   */
  readonly include: readonly Point[];
}

/** In the order of the axes, the first outermost; combinations that only `include` makes come last. */
export function combinations(axes: readonly Axis[], { exclude, include }: MatrixLists): Point[] {
  const originals = (axes.length === 0 ? [] : product(axes)).filter(
    (point) => !exclude.some((item) => holds(point, item)),
  );
  const extended = originals.map((point) => ({ point, added: {} as Point }));
  const own: Point[] = [];
  for (const item of include) {
    const fitting = extended.filter(({ point }) =>
      Object.entries(item).every(([name, value]) => point[name] === undefined || point[name] === value),
    );
    for (const combination of fitting) combination.added = { ...combination.added, ...item };
    if (fitting.length === 0) own.push(item);
  }
  const all = [...extended.map(({ point, added }) => ({ ...point, ...added })), ...own];
  return axes.length === 0 && all.length === 0 ? [{}] : all;
}

/** Whether a combination has every value of an item. */
function holds(point: Point, item: Point): boolean {
  return Object.entries(item).every(([name, value]) => point[name] === value);
}

function product(axes: readonly Axis[]): Point[] {
  return axes.reduce<Point[]>(
    (points, { name, values }) =>
      points.flatMap((point) => values.map((value): Point => ({ ...point, [name]: value }))),
    [{}],
  );
}
