/**
 * Multiplies arms by the axes of a matrix. An axis named after a workload key makes groups (only arms under the same
 * load can be compared); any other axis is a directive of the built-in config and makes arms.
 */
import { UsageError } from "../base/errors.js";
import type { Arm } from "./arm.js";
import type { WorkloadInput } from "./workload.js";

const workloadAxes = ["payload", "connections", "rate"] as const;
type WorkloadAxis = (typeof workloadAxes)[number];

export interface Cell {
  readonly arm: Arm;
  readonly overrides: Pick<WorkloadInput, WorkloadAxis>;
  /** Which workload this cell runs under; empty when no axis changes it. */
  readonly group: string;
}

/**
 * Every arm at every point of the axes: workload axes outermost, then arms, then directives.
 * @throws UsageError for a workload axis with a value that is no number, or a directive axis over an arm that is not
 * the built-in config
 */
export function expandMatrix(
  arms: readonly Arm[],
  axes: Readonly<Record<string, readonly string[]>>,
): Cell[] {
  const names = Object.keys(axes);
  const loads = product(names.filter(isWorkloadAxis), axes);
  const directives = product(
    names.filter((name) => !isWorkloadAxis(name)),
    axes,
  );
  return loads.flatMap((load) => arms.flatMap((arm) => directives.map((point) => cellAt(arm, load, point))));
}

type Point = readonly (readonly [name: string, value: string])[];

function cellAt(arm: Arm, load: Point, directives: Point): Cell {
  if (directives.length > 0 && (arm.target.kind !== "nginx" || arm.target.configFile !== null)) {
    throw new UsageError(
      `Cannot vary ${directives[0]?.[0]} on arm ${arm.name}: a matrix changes the built-in config of nginx only`,
    );
  }
  const label = (point: Point): string => point.map(([name, value]) => `${name}-${value}`).join(".");
  const overrides = Object.fromEntries(load.map(([name, value]) => [name, axisNumber(name, value)]));
  return {
    arm: {
      ...arm,
      name: [arm.name, label(directives), label(load)].filter((part) => part !== "").join("."),
      set: { ...arm.set, ...Object.fromEntries(directives) },
    },
    overrides,
    group: label(load),
  };
}

function product(names: readonly string[], axes: Readonly<Record<string, readonly string[]>>): Point[] {
  return names.reduce<Point[]>(
    (points, name) =>
      points.flatMap((point) => (axes[name] ?? []).map((value): Point => [...point, [name, value]])),
    [[]],
  );
}

function isWorkloadAxis(name: string): name is WorkloadAxis {
  return workloadAxes.some((axis) => axis === name);
}

function axisNumber(name: string, value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number)) {
    throw new UsageError(`Axis ${name} of the matrix has the value "${value}": want a number`);
  }
  return number;
}
