/**
 * Multiplies arms by the axes of a matrix. An axis named after a workload key makes groups (only arms under the same
 * load can be compared); any other axis is a directive of the built-in config and makes arms.
 */
import { UsageError } from "../base/errors.js";
import { type Arm, settableWords, takesSettings } from "./arm.js";
import { type Axis, armAxis, isTransportAxis, isWorkloadAxis, type Point, workloadAt } from "./axes.js";
import { combinations } from "./combinations.js";
import type { MatrixInput } from "./scenario.js";
import type { WorkloadInput } from "./workload.js";

export interface Cell {
  readonly arm: Arm;
  readonly overrides: WorkloadInput;
  /** Which workload this cell runs under; empty when no axis changes it. */
  readonly group: string;
  /** Its value on every axis; on that of the arms where there are several. */
  readonly point: Point;
}

interface ExpandedMatrix {
  /** Workload axes first, then that of the arms where there are several, then directives. */
  readonly axes: readonly Axis[];
  readonly cells: readonly Cell[];
}

/**
 * Every arm at every point of the axes: workload axes outermost, then arms, then directives.
 * @throws UsageError for a value that an axis cannot have, an unknown arm, a directive axis over an arm that is not the
 * built-in config, or a matrix of which nothing is left
 */
export function expandMatrix(arms: readonly Arm[], matrix: MatrixInput): ExpandedMatrix {
  const { include = [], exclude = [], ...given } = matrix;
  if (given[armAxis] !== undefined) {
    throw new UsageError(`The matrix has an axis ${armAxis}: list the arms under arms, which is that axis`);
  }
  const axes = axesOf(arms, given);
  const points = combinations(axes, { include, exclude });
  if (points.length === 0)
    throw new UsageError("The matrix excludes every combination: nothing is left to run");
  return { axes, cells: points.map((point) => cellAt(point, arms)) };
}

function axesOf(arms: readonly Arm[], given: Readonly<Record<string, readonly string[]>>): Axis[] {
  const named = Object.entries(given).map(([name, values]): Axis => {
    const repeated = values.find((value, index) => values.indexOf(value) !== index);
    if (repeated !== undefined) {
      throw new UsageError(`Axis ${name} of the matrix has the value "${repeated}" twice`);
    }
    return { name, values, kind: isWorkloadAxis(name) ? "workload" : "directive" };
  });
  const ofArms: Axis = { name: armAxis, kind: "arm", values: arms.map(({ name }) => name) };
  return [
    ...named.filter(({ kind }) => kind === "workload"),
    ...(arms.length > 1 ? [ofArms] : []),
    ...named.filter(({ kind }) => kind === "directive"),
  ];
}

function cellAt(point: Point, arms: readonly Arm[]): Cell {
  const arm = point[armAxis] === undefined ? arms[0] : arms.find(({ name }) => name === point[armAxis]);
  if (arm === undefined) {
    throw new UsageError(
      `The matrix includes arm ${point[armAxis]}: want one of ${arms.map(({ name }) => name).join(", ")}`,
    );
  }
  const entries = Object.entries(point);
  const transport = entries.filter(([name]) => isTransportAxis(name));
  const directives = entries.filter(
    ([name]) => !isWorkloadAxis(name) && !isTransportAxis(name) && name !== armAxis,
  );
  const load = entries.filter(([name]) => isWorkloadAxis(name));
  if (directives.length > 0 && !takesSettings(arm.target)) {
    throw new UsageError(
      `Cannot vary ${directives[0]?.[0]} on arm ${arm.name}: a matrix changes the built-in config of ${settableWords}, only`,
    );
  }
  return {
    arm: {
      ...arm,
      name: [arm.name, label(directives), label(transport), label(load)]
        .filter((part) => part !== "")
        .join("."),
      set: { ...arm.set, ...Object.fromEntries(directives) },
    },
    overrides: workloadAt(point),
    group: label(load),
    point,
  };
}

/** `proxy_buffering-off.worker_processes-2`, safe as a file's name. */
function label(entries: readonly (readonly [name: string, value: string])[]): string {
  return entries.map(([name, value]) => `${name}-${value}`.replace(/[^A-Za-z0-9._-]+/g, "-")).join(".");
}
