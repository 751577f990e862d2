/**
 * The axes of a matrix: what each may vary, and how a value of a workload's axis is read.
 */
import { UsageError } from "../base/errors.js";

/**
 * `workload` axes make groups, each with a load of its own; the others make arms under the same load, those of the
 * transport as `directive`.
 */
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

const quantityKeys = ["connections", "rate", "payload", "heartbeat", "ramp", "delay", "loss"] as const;
const switchKeys = ["closed", "binary", "deflate", "resume"] as const;
const wordKeys = ["arrivals"] as const;

/** How the same load is carried: arms that differ in it can be compared. */
const transportKeys: readonly string[] = ["http", "streams"];

/** Workload keys that may be an axis and make a load of its own; any other but those of the transport name is a directive of the built-in config. */
const workloadAxes: readonly string[] = [...quantityKeys, ...switchKeys, ...wordKeys];

export function isWorkloadAxis(name: string): boolean {
  return workloadAxes.includes(name);
}

export function isTransportAxis(name: string): boolean {
  return transportKeys.includes(name);
}

/**
 * A point's workload keys, as a scenario may write them; whether a quantity is one is the workload's schema to say.
 * @throws UsageError for a switch that is neither on nor off
 */
export function workloadAt(point: Point): Readonly<Record<string, boolean | string>> {
  return Object.fromEntries(
    Object.entries(point)
      .filter(([name]) => isWorkloadAxis(name) || isTransportAxis(name))
      .map(([name, value]) => [name, readValue(name, value)]),
  );
}

function readValue(name: string, value: string): boolean | string {
  if (switchKeys.some((key) => key === name)) {
    if (value === "on" || value === "true") return true;
    if (value === "off" || value === "false") return false;
    throw new UsageError(`Axis ${name} of the matrix has the value "${value}": want on or off`);
  }
  return value;
}
