/**
 * Contrasts of a matrix: which cells' logs are added and which taken away, so that what is left is one axis's effect or
 * two axes' interaction. Cells that a matrix leaves out take the combinations that would need them along.
 */
import type { Axis, Point } from "../../scenario/axes.js";

/** From an axis's first value to another. */
export interface Step {
  readonly axis: string;
  readonly from: string;
  readonly to: string;
}

export interface Contrast extends Step {
  /** Null for a main effect. */
  readonly interactsWith: Step | null;
  /** Weighted arms; the weights add up to 0. */
  readonly terms: readonly { readonly arm: string; readonly weight: number }[];
  /** Combinations of the other axes that are averaged over. */
  readonly cells: number;
  readonly equalLoad: boolean;
}

interface PlacedArm {
  readonly name: string;
  readonly cell: Point;
}

/** One for every axis and every value but its first, where some combination has both. */
export function mainContrasts(axes: readonly Axis[], arms: readonly PlacedArm[]): Contrast[] {
  return axes.flatMap((axis) =>
    stepsOf(axis).flatMap((step) =>
      contrastOf(axes, arms, {
        step,
        other: null,
        signs: [
          [{ [step.axis]: step.to }, 1],
          [{ [step.axis]: step.from }, -1],
        ],
      }),
    ),
  );
}

/** One for every two axes and every two of their steps, where some combination has all four corners. */
export function interactionContrasts(axes: readonly Axis[], arms: readonly PlacedArm[]): Contrast[] {
  return axes.flatMap((first, index) =>
    axes.slice(index + 1).flatMap((second) =>
      stepsOf(first).flatMap((step) =>
        stepsOf(second).flatMap((other) =>
          contrastOf(axes, arms, {
            step,
            other,
            signs: [
              [{ [step.axis]: step.to, [other.axis]: other.to }, 1],
              [{ [step.axis]: step.from, [other.axis]: other.to }, -1],
              [{ [step.axis]: step.to, [other.axis]: other.from }, -1],
              [{ [step.axis]: step.from, [other.axis]: other.from }, 1],
            ],
          }),
        ),
      ),
    ),
  );
}

function stepsOf({ name, values }: Axis): Step[] {
  const [from, ...others] = values;
  return from === undefined ? [] : others.map((to) => ({ axis: name, from, to }));
}

interface Corners {
  readonly step: Step;
  readonly other: Step | null;
  readonly signs: readonly (readonly [corner: Point, sign: 1 | -1])[];
}

function contrastOf(
  axes: readonly Axis[],
  arms: readonly PlacedArm[],
  { step, other, signs }: Corners,
): Contrast[] {
  const varied = [step.axis, ...(other === null ? [] : [other.axis])];
  const rest = axes.filter(({ name }) => !varied.includes(name)).map(({ name }) => name);
  const keyOf = (cell: Point): string => JSON.stringify(rest.map((name) => cell[name]));
  const combinations = [...new Set(arms.map(({ cell }) => keyOf(cell)))];
  const complete = combinations.flatMap((key) => {
    const corners = signs.map(([corner, sign]) => {
      const arm = arms.find(
        ({ cell }) =>
          keyOf(cell) === key && Object.entries(corner).every(([name, value]) => cell[name] === value),
      );
      return arm === undefined ? null : { arm: arm.name, sign };
    });
    const found = corners.filter((corner) => corner !== null);
    return found.length === signs.length ? [found] : [];
  });
  if (complete.length === 0) return [];
  const loadAxes = axes.filter(({ kind }) => kind === "workload").map(({ name }) => name);
  return [
    {
      ...step,
      interactsWith: other,
      terms: complete.flat().map(({ arm, sign }) => ({ arm, weight: sign / complete.length })),
      cells: complete.length,
      // One axis under the same load is enough: the other then only says under which.
      equalLoad: varied.some((name) => !loadAxes.includes(name)),
    },
  ];
}
