/**
 * The axes of a matrix: what each may vary, and how a value of a workload's axis is read.
 */
import { UsageError } from "../base/errors.js";
import type { WorkloadInput } from "./workload.js";

/** `workload` axes make groups, each with a load of its own; the others make arms under the same load. */
type AxisKind = "arm" | "directive" | "workload";

export interface Axis {
  readonly name: string;
  readonly kind: AxisKind;
  /** In the order given; the first is where effects are counted from. */
  readonly values: readonly string[];
}

/** A combination of the matrix: a value for each axis, by the axis's name. */
export type Point = Readonly<Record<string, string>>;

/** The axis that several arms make by themselves. */
export const armAxis = "arm";

const numberKeys = ["connections", "rate", "payload", "heartbeat", "ramp"] as const;
const switchKeys = ["closed", "binary", "deflate", "resume"] as const;
const wordKeys = ["arrivals"] as const;

/** Workload keys that may be an axis; any other name is a directive of the built-in config. */
const workloadAxes: readonly string[] = [...numberKeys, ...switchKeys, ...wordKeys];

export function isWorkloadAxis(name: string): boolean {
  return workloadAxes.includes(name);
}

/**
 * A point's workload keys, as a workload takes them; whether a number is in range is the workload's schema to say.
 * @throws UsageError for a value that is no number, or neither on nor off
 */
export function workloadAt(point: Point): WorkloadInput {
  return Object.fromEntries(
    Object.entries(point)
      .filter(([name]) => isWorkloadAxis(name))
      .map(([name, value]) => [name, readValue(name, value)]),
  );
}

function readValue(name: string, value: string): number | boolean | string {
  if (numberKeys.some((key) => key === name)) {
    const number = Number(value);
    if (value.trim() !== "" && Number.isFinite(number)) return number;
    throw new UsageError(`Axis ${name} of the matrix has the value "${value}": want a number`);
  }
  if (switchKeys.some((key) => key === name)) {
    if (value === "on" || value === "true") return true;
    if (value === "off" || value === "false") return false;
    throw new UsageError(`Axis ${name} of the matrix has the value "${value}": want on or off`);
  }
  return value;
}
