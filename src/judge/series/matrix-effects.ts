/**
 * What each axis of a matrix does to a metric, and which two axes do not act independently.
 *
 * With y = ln(value) of a trial, a main effect is, in every block, the mean of `y(to) − y(from)` over the combinations of
 * the other axes; an interaction of two axes is the mean of `y(to, to′) − y(from, to′) − y(to, from′) + y(from, from′)` over
 * those of the rest. Estimate, interval and p-value of these block values are those of a comparison: Hodges-Lehmann,
 * Walsh bounds, exact signed-rank test (two-sided), Holm over all main effects and over all interactions of the run.
 */
import type { Effect } from "../../results/effect-schema.js";
import type { ArmResult } from "../../results/run-document.js";
import type { Axis, Point } from "../../scenario/axes.js";
import { isByDifference, type MetricName } from "../../scenario/metric.js";
import { holm } from "../../stats/holm.js";
import { signedRankTest } from "../../stats/signed-rank-test.js";
import { hodgesLehmann, walshAverages } from "../../stats/walsh-averages.js";
import { walshBounds } from "../../stats/walsh-bounds.js";
import { blockValues, type LogValues, logValues } from "./contrast-values.js";
import { type Contrast, interactionContrasts, mainContrasts } from "./contrasts.js";

/** Chance that any effect of its sort is said to matter when none does. */
const effectLevel = 0.05;
/** One tail of a two-sided 95 % interval. */
const ci95Tail = 0.025;

/** What the effects are of. */
export interface Matrix {
  readonly axes: readonly Axis[];
  readonly arms: readonly { readonly name: string; readonly cell: Point }[];
  readonly metrics: readonly MetricName[];
}

/** Main effects, then interactions, of every metric; none without an axis of two values. */
export function matrixEffects(matrix: Matrix, results: readonly ArmResult[]): Effect[] {
  const points = matrix.arms.filter(({ cell }) => matrix.axes.every(({ name }) => cell[name] !== undefined));
  const mains = mainContrasts(matrix.axes, points);
  const interactions = interactionContrasts(matrix.axes, points);
  const values = new Map(matrix.metrics.map((metric) => [metric, logValues(results, metric)]));
  return [mains, interactions].flatMap((contrasts) =>
    withHolm(
      matrix.metrics
        .filter((metric) => !isByDifference(metric))
        .flatMap((metric) =>
          contrasts.map((contrast) => estimate(contrast, metric, values.get(metric) ?? new Map())),
        ),
    ),
  );
}

type Unjudged = Omit<Effect, "adjustedP" | "matters">;

function estimate(contrast: Contrast, metric: MetricName, values: LogValues): Unjudged {
  const differences = blockValues(contrast, values);
  const averages = walshAverages(differences);
  const { low, high } = walshBounds(averages, ci95Tail, ci95Tail);
  const { pGreater, pLess } = signedRankTest(differences, 0);
  const { axis, from, to, interactsWith, cells, equalLoad } = contrast;
  const asRatio = (log: number | null): number | null => (log === null ? null : Math.exp(log));
  return {
    metric,
    axis,
    from,
    to,
    interactsWith,
    blocks: differences.length,
    cells,
    ratio: asRatio(hodgesLehmann(averages)),
    ciLow: asRatio(low),
    ciHigh: asRatio(high),
    p: differences.length === 0 ? null : Math.min(1, 2 * Math.min(pGreater, pLess)),
    equalLoad,
  };
}

/** An effect without a value cannot matter, but keeps its place in the family. */
function withHolm(effects: readonly Unjudged[]): Effect[] {
  const steps = holm(
    effects.map(({ p }) => p ?? 1),
    effectLevel,
  );
  return effects.map((effect, index) => ({
    ...effect,
    adjustedP: effect.p === null ? null : (steps[index]?.adjusted ?? null),
    matters: effect.p !== null && steps[index]?.rejected === true,
  }));
}
