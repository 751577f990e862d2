/**
 * Which arms of a scenario are compared with which.
 */
import { UsageError } from "../base/errors.js";
import type { Axis } from "./axes.js";
import type { Pair, PlannedArm } from "./scenario.js";

/** In the place of an axis: arms are measured, and none with another. */
const nothing = "none";

interface CompareChoice {
  /** Null: the arms where there are several, else the first directive of the matrix. `none`: nothing is compared. */
  readonly axis: string | null;
  /** An arm, or a value of `axis`; null: the first. */
  readonly baseline: string | null;
}

export interface Pairing {
  readonly pairs: readonly Pair[];
  /** Null where nothing is compared along an axis. */
  readonly comparedAxis: string | null;
}

/**
 * Along an axis, every value is compared with the first (or with the baseline named) within the same values of all
 * other axes. With a baseline alone, every arm of a group is compared with the one so named.
 * @throws UsageError for an axis or a baseline that is not there, or an axis of the workload
 */
export function pairArms(
  arms: readonly PlannedArm[],
  axes: readonly Axis[],
  { axis: name, baseline }: CompareChoice,
): Pairing {
  if (name === nothing) {
    if (baseline !== null)
      throw new UsageError(
        `Cannot use compare.baseline ${baseline} beside compare.axis none, which compares nothing: leave one of them out`,
      );
    return { pairs: [], comparedAxis: null };
  }
  if (name === null && baseline !== null) return { pairs: pairWith(baseline, arms), comparedAxis: null };
  const axis = name === null ? defaultAxis(axes) : findAxis(name, axes);
  if (axis === null) return { pairs: [], comparedAxis: null };
  if (baseline !== null && !axis.values.includes(baseline)) {
    throw new UsageError(
      `Axis ${axis.name} has no value ${baseline}, which compare.baseline asks for: want one of ${axis.values.join(", ")}`,
    );
  }
  const order = [...new Set([...(baseline === null ? [] : [baseline]), ...axis.values])];
  return { pairs: pairAlong(axis.name, order, { arms, axes }), comparedAxis: axis.name };
}

function defaultAxis(axes: readonly Axis[]): Axis | null {
  return axes.find(({ kind }) => kind === "arm") ?? axes.find(({ kind }) => kind === "directive") ?? null;
}

function findAxis(name: string, axes: readonly Axis[]): Axis {
  const axis = axes.find((one) => one.name === name);
  const comparable = axes.filter(({ kind }) => kind !== "workload").map((one) => one.name);
  const wanted = `want one of ${comparable.join(", ") || "the matrix's directives"}`;
  if (axis === undefined) {
    throw new UsageError(`No axis is named ${name}, which compare.axis asks for: ${wanted}`);
  }
  if (axis.kind === "workload") {
    throw new UsageError(
      `Cannot compare along ${name}: it changes the load, and only arms under the same load can be compared; ${wanted}`,
    );
  }
  return axis;
}

/** @param order values of the axis, the baseline's first; where it is missing, the next takes its place */
function pairAlong(
  name: string,
  order: readonly string[],
  { arms, axes }: { readonly arms: readonly PlannedArm[]; readonly axes: readonly Axis[] },
): Pair[] {
  const circumstances = new Map<string, PlannedArm[]>();
  for (const arm of arms.filter(({ cell }) => cell[name] !== undefined)) {
    const others = axes.filter((axis) => axis.name !== name).map((axis) => arm.cell[axis.name] ?? null);
    const key = JSON.stringify([arm.group, others]);
    circumstances.set(key, [...(circumstances.get(key) ?? []), arm]);
  }
  return [...circumstances.values()].flatMap((members) => {
    const place = ({ cell }: PlannedArm): number => {
      const index = order.indexOf(cell[name] ?? "");
      return index === -1 ? order.length : index;
    };
    const [first, ...others] = [...members].sort((a, b) => place(a) - place(b));
    return others.map((candidate) => ({ baseline: first?.name ?? "", candidate: candidate.name }));
  });
}

/** Every arm against the one so named, or against the one made of it by the matrix, within its group. */
function pairWith(baselineName: string, arms: readonly PlannedArm[]): Pair[] {
  const isNamed = ({ name }: PlannedArm): boolean =>
    name === baselineName || name.startsWith(`${baselineName}.`);
  if (!arms.some(isNamed)) {
    throw new UsageError(
      `No arm is named ${baselineName}, which compare.baseline asks for: want one of ${arms.map(({ name }) => name).join(", ")}`,
    );
  }
  return arms.flatMap((candidate) => {
    const group = arms.filter(({ group, isFloor }) => group === candidate.group && !isFloor);
    const baseline = group.find(isNamed) ?? group[0];
    return candidate.isFloor || baseline === undefined || baseline === candidate
      ? []
      : [{ baseline: baseline.name, candidate: candidate.name }];
  });
}
