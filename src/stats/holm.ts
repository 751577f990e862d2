/**
 * Holm's step-down correction (Holm 1979): many tests, one bound on the chance of any false rejection.
 */

export interface HolmStep {
  readonly rejected: boolean;
  /** The level this test was held against. All from the first that is not rejected share that one's. */
  readonly level: number;
  /** The smallest family level at which this test would be rejected, at most 1. */
  readonly adjusted: number;
}

/**
 * Steps down at level/m, level/(m−1) … until a p-value is not rejected.
 *
 * @param pValues the whole family; equal ones are taken in the order given, which the caller chooses
 * @param familyLevel the chance of one false rejection or more
 * @returns one step for each p-value, in the order given
 */
export function holm(pValues: readonly number[], familyLevel: number): readonly HolmStep[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p || a.index - b.index);
  const steps = new Array<HolmStep>(pValues.length);
  let level = familyLevel / pValues.length;
  let adjusted = 0;
  let stopped = false;
  order.forEach(({ p, index }, rejectedBefore) => {
    const remaining = pValues.length - rejectedBefore;
    if (!stopped) level = familyLevel / remaining;
    stopped ||= p > level;
    adjusted = Math.max(adjusted, Math.min(1, remaining * p));
    steps[index] = { rejected: !stopped, level, adjusted };
  });
  return steps;
}
