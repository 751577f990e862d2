/** Comparisons of a matrix as grids: two axes span each grid, and there is one for every value of the other axes. */
import type { Comparison } from "../../results/comparison-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import type { MetricName } from "../../scenario/metric.js";
import { type ArmAxes, type Axis, armAxes } from "./arm-axes.js";

export interface GridCell {
  readonly arm: string;
  /** What the other cells of its group are divided by. */
  readonly isBaseline: boolean;
  /** Null for a baseline, and where nothing was compared yet. */
  readonly comparison: Comparison | null;
}

export interface MatrixGrid {
  readonly metric: MetricName;
  readonly rowAxis: string;
  readonly columnAxis: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Values of the axes that this grid holds fixed, as `[axis, value]`. */
  readonly fixed: readonly (readonly [axis: string, value: string])[];
  /** By row, then by column; null where the matrix has no arm. */
  readonly cells: readonly (readonly (GridCell | null)[])[];
}

/** Arms at all points of the axes, as a share, that it takes to be a matrix and no mere list. */
const filledMin = 0.75;

/** True when the arms fill a plane of two axes or more. */
export function isMatrix(document: RunDocument): boolean {
  const { axes } = armAxes(document);
  const points = axes.reduce((product, axis) => product * axis.values.length, 1);
  const { arms, pairs } = document.scenario;
  return axes.length >= 2 && pairs.length >= 2 && arms.length / points >= filledMin;
}

/** The grids of one metric; none for a scenario that is no matrix. */
export function matrixGrids(document: RunDocument, metric: MetricName): MatrixGrid[] {
  if (!isMatrix(document)) return [];
  const armsAndAxes = armAxes(document);
  const plane = planeOf(armsAndAxes);
  if (plane === null) return [];
  const { row, column, others } = plane;
  return pointsOf(others).map((fixed) => ({
    metric,
    rowAxis: row.name,
    columnAxis: column.name,
    rows: row.values,
    columns: column.values,
    fixed,
    cells: row.values.map((rowValue) =>
      column.values.map((columnValue) => {
        const point = [...fixed, [row.name, rowValue], [column.name, columnValue]] as const;
        return cellAt(point, { document, metric, armsAndAxes });
      }),
    ),
  }));
}

/** What is compared runs along the columns, what it is compared under down the rows. */
function planeOf({
  axes,
  comparedAxis,
}: ArmAxes): { row: Axis; column: Axis; others: readonly Axis[] } | null {
  const column =
    axes.find(({ name }) => name === comparedAxis) ??
    axes.findLast(({ kind }) => kind !== "workload") ??
    axes.at(-1);
  const further = axes.filter((axis) => axis !== column);
  const row = further.find(({ kind }) => kind === "workload") ?? further.at(-1);
  if (column === undefined || row === undefined) return null;
  return { row, column, others: further.filter((axis) => axis !== row) };
}

type Point = readonly (readonly [axis: string, value: string])[];

function pointsOf(axes: readonly Axis[]): Point[] {
  return axes.reduce<Point[]>(
    (points, { name, values }) =>
      points.flatMap((point) => values.map((value): Point => [...point, [name, value]])),
    [[]],
  );
}

interface GridContext {
  readonly document: RunDocument;
  readonly metric: MetricName;
  readonly armsAndAxes: ArmAxes;
}

function cellAt(point: Point, { document, metric, armsAndAxes }: GridContext): GridCell | null {
  const found = [...armsAndAxes.places].find(([, values]) =>
    point.every(([axis, value]) => values.get(axis) === value),
  );
  if (found === undefined) return null;
  const [arm] = found;
  const { comparisons, scenario } = document;
  return {
    arm,
    isBaseline: scenario.pairs.some(({ baseline }) => baseline === arm),
    comparison: comparisons.find((one) => one.candidate === arm && one.metric === metric) ?? null,
  };
}
