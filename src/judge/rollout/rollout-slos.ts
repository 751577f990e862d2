/**
 * A rollout's SLOs: every time that an arm went through the events is held to them, for a bill is no estimate.
 */
import type { Rollout } from "../../results/rollout-schema.js";
import type { SloResult } from "../../results/slo-schema.js";
import { keepsRolloutSlo, type RolloutMetric, type RolloutSlo } from "../../scenario/rollout-slo.js";

/** Those of an arm that went through more than once are held by the worst of them. */
export function judgeRolloutSlos(slos: readonly RolloutSlo[], rollouts: readonly Rollout[]): SloResult[] {
  const arms = [...new Set(rollouts.map(({ arm }) => arm))];
  return arms.flatMap((arm) =>
    slos.map((slo) =>
      judgeSlo(
        slo,
        arm,
        rollouts.filter((one) => one.arm === arm),
      ),
    ),
  );
}

function judgeSlo(slo: RolloutSlo, arm: string, rollouts: readonly Rollout[]): SloResult {
  const values = rollouts.map((rollout) => rolloutValue(slo.metric, rollout));
  const told = values.filter((value) => value !== null);
  const worst = told.length === 0 ? null : Math.max(...told);
  const isMissed = worst !== null && !keepsRolloutSlo(slo, worst);
  const isUnknown = !isMissed && told.length < values.length;
  const inUs = slo.unit === "ms" ? 1e3 : 1;
  return {
    arm,
    expression: slo.expression,
    metric: slo.metric,
    operator: slo.operator,
    limit: slo.limit * inUs,
    unit: slo.unit === "count" ? "count" : "us",
    status: isMissed ? "missed" : isUnknown ? "unknown" : "met",
    value: worst === null || worst === Number.POSITIVE_INFINITY ? null : worst * inUs,
    low: null,
    high: null,
    trials: told.length,
    reason: isUnknown ? "too-few-messages" : null,
  };
}

/**
 * In the metric's own unit; without end for who is not back, and null for what too few messages tell of. Nobody was down
 * where nobody was lost.
 */
function rolloutValue(metric: RolloutMetric, rollout: Rollout): number | null {
  const { lost, repliesLost, reconnects, downMs, slow, latencyUs } = rollout;
  const ofDown = (value: number | undefined): number =>
    reconnects.notBack > 0 ? Number.POSITIVE_INFINITY : (value ?? 0);
  switch (metric) {
    case "lost":
      return lost.count;
    case "repliesLost":
      return repliesLost;
    case "failedTries":
      return reconnects.failedTries;
    case "burst":
      return reconnects.worstPer100Ms;
    case "down.p50":
      return ofDown(downMs?.p50);
    case "down.p99":
      return ofDown(downMs?.p99);
    case "down.max":
      return ofDown(downMs?.max);
    case "allBack":
      return ofDown(reconnects.allBackAfterMs ?? undefined);
    case "slow":
      return slow.forMs;
    case "during.p50":
      return latencyUs.during.p50;
    case "during.p99":
      return latencyUs.during.p99;
  }
}
