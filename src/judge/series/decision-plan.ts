/**
 * How a run decides: when it looks, what error each look may spend, what counts as a difference. Chosen before
 * the first block and stored with the run (docs/statistics.md, Levels, looks, verdict).
 */

/** `any`: a proven slowdown of any size is worse. `exceeds`: only one proven to exceed the margin is. */
type WorseRule = "any" | "exceeds";

export interface DecisionPlan {
  /** Numbers of complete blocks at which the run looks, ascending. */
  readonly looks: readonly number[];
  /** The share of `alpha` that each look spends; together at most 1. */
  readonly fractions: readonly number[];
  /** The same of `alphaEq`. */
  readonly fractionsEq: readonly number[];
  /** The chance that anything is called worse when nothing is, over the whole run; the same again for better. */
  readonly alpha: number;
  /** The same for calling one comparison equivalent when it is not. */
  readonly alphaEq: number;
  /** By metric: the ratio minus 1 that still counts as equivalent (0.05 = 5 %). */
  readonly margins: Readonly<Record<string, number>>;
  /** The margin of a metric that `margins` does not name. */
  readonly otherMargin: number;
  /** With fewer complete blocks there is no verdict. */
  readonly minBlocks: number;
  readonly worseRule: WorseRule;
}

export const defaultDecisionPlan: DecisionPlan = {
  // Early, for on a quiet machine 12 blocks tell; and little of the error, for what a run leaves is for when its time is up.
  looks: [12, 15, 18, 28, 40, 60],
  fractions: [0.12, 0.08, 0.1, 0.15, 0.2, 0.35],
  // Sameness shows early, but on a restless machine; a small difference shows late (docs/statistics.md).
  fractionsEq: [0.2, 0.15, 0.3, 0.1, 0.1, 0.15],
  alpha: 0.01,
  alphaEq: 0.05,
  // p99 has four times the noise of p50: 5 % could not be gated on a shared machine (docs/statistics.md, table C).
  margins: { p50: 0.05, p90: 0.05, p99: 0.2, cpuUsPerMessage: 0.05, throughputPerS: 0.05 },
  otherMargin: 0.05,
  minBlocks: 8,
  worseRule: "any",
};

/**
 * The looks of a run that goes on until its intervals are narrow enough: further apart, and up to more blocks. Whichever
 * of them ends the run, its verdict costs no more than the shares of all looks together, so the rule that chooses the
 * look (here: the widths) can be any.
 */
export const precisionLooks: Pick<DecisionPlan, "looks" | "fractions" | "fractionsEq"> = {
  looks: [14, 24, 40, 60, 90, 135, 200],
  fractions: [0.1, 0.1, 0.15, 0.2, 0.15, 0.15, 0.15],
  fractionsEq: [0.1, 0.1, 0.15, 0.2, 0.15, 0.15, 0.15],
};

/** The share that counts as equivalent for a metric. */
export function marginOf(plan: DecisionPlan, metric: string): number {
  return plan.margins[metric] ?? plan.otherMargin;
}

/**
 * Every fault of a plan, one sentence each; none when it can be used. For the edge, where a user's plan is
 * parsed, and for `judgeSeries`, which refuses a plan that has any.
 */
export function decisionPlanFaults(plan: DecisionPlan): readonly string[] {
  const { looks, fractions, fractionsEq } = plan;
  const margins = [...Object.values(plan.margins), plan.otherMargin];
  const checks: readonly (readonly [sound: boolean, fault: string])[] = [
    [looks.length > 0, "looks must not be empty"],
    [
      looks.every((look, i) => Number.isInteger(look) && look > (looks[i - 1] ?? 0)),
      "looks must be whole and ascend",
    ],
    ...fractionChecks("fractions", fractions, looks),
    ...fractionChecks("fractionsEq", fractionsEq, looks),
    [isLevel(plan.alpha), "alpha must be above 0 and at most 0.5"],
    [isLevel(plan.alphaEq), "alphaEq must be above 0 and at most 0.5"],
    [margins.every((margin) => margin > 0 && Number.isFinite(margin)), "margins must be above 0"],
    [Number.isInteger(plan.minBlocks) && plan.minBlocks > 0, "minBlocks must be whole and above 0"],
    [plan.minBlocks <= (looks[0] ?? plan.minBlocks), "the first look must not come before minBlocks"],
  ];
  return checks.filter(([sound]) => !sound).map(([, fault]) => fault);
}

function fractionChecks(
  name: string,
  fractions: readonly number[],
  looks: readonly number[],
): readonly (readonly [sound: boolean, fault: string])[] {
  const spent = fractions.reduce((sum, fraction) => sum + fraction, 0);
  return [
    [looks.length === fractions.length, `${name} must be as many as looks`],
    [fractions.every((fraction) => fraction > 0), `${name} must be above 0`],
    // The slack forgives the rounding of decimal fractions, no more.
    [spent <= 1 + 1e-9, `${name} must add up to at most 1`],
  ];
}

/** Above one half a one-sided bound would pass its own estimate. */
function isLevel(value: number): boolean {
  return value > 0 && value <= 0.5;
}
