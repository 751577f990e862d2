/**
 * Candidates that an event cost more clients than their baselines.
 */
import type { GatePair } from "../../results/gate-schema.js";
import type { Rollout } from "../../results/rollout-schema.js";

export interface RolloutRegression {
  readonly candidate: Rollout;
  /** Null where there is none: then losing any is the candidate's own. */
  readonly baseline: Rollout | null;
}

/** One client in a hundred more may be chance; one of few is not. */
const leastShare = 0.01;

export function rolloutRegressions(
  pairs: readonly Pick<GatePair, "baseline" | "candidate">[],
  rollouts: readonly Rollout[],
): RolloutRegression[] {
  const of = (name: string | null): Rollout | null => rollouts.find(({ arm }) => arm === name) ?? null;
  return pairs.flatMap(({ baseline, candidate }) => {
    const [before, after] = [of(baseline), of(candidate)];
    if (after === null) return [];
    const worse = (count: (rollout: Rollout) => number): boolean =>
      count(after) - (before === null ? 0 : count(before)) > leastShare * after.clients;
    const isWorse = worse(({ lost }) => lost.count) || worse(({ reconnects }) => reconnects.notBack);
    return isWorse ? [{ candidate: after, baseline: before }] : [];
  });
}
