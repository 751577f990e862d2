/**
 * SLOs against the trials of an arm. A trial's value is noisy, so the median of the trials is held to the limit, by its
 * exact 95 % interval: `met` when all of it lies on the good side, `missed` when none of it does, else `unknown`. A
 * count of failures is no estimate and is taken as it is.
 */
import type { ArmResult } from "../results/run-document.js";
import type { SloResult } from "../results/slo-schema.js";
import type { TrialResult } from "../results/trial-schema.js";
import { valuesToTell } from "../scenario/messages-needed.js";
import { holds, type Slo } from "../scenario/slo.js";
import { asSloPercentile, sloMetrics } from "../scenario/slo-metric.js";
import { medianInterval } from "../stats/median-interval.js";
import { middleOf } from "../stats/middle-of.js";
import { sloValue } from "./slo-value.js";

/** One tail of a two-sided 95 % interval: an SLO is wrongly called missed in at most 1 of 40 runs, and so for met. */
const tail = 0.025;
/** With more of the trials out, or without a value, those left over do not speak for all: it is not met. */
const lostShareMax = 0.1;

/** Every SLO for every arm, but for what a proxy costs where the arm has none. */
export function evaluateSlos(slos: readonly Slo[], arms: readonly ArmResult[]): SloResult[] {
  return arms.flatMap((arm) =>
    slos
      .filter(({ metric }) => arm.proxy.kind !== "direct" || !metric.startsWith("proxyCost."))
      .map((slo) => evaluateSlo(slo, arm)),
  );
}

function evaluateSlo(slo: Slo, { name, trials }: ArmResult): SloResult {
  const { expression, metric, operator, limit } = slo;
  const unit = sloMetrics.get(metric)?.unit ?? "count";
  const found = metric === "failures" ? ofFailures(slo, trials) : ofMedian(slo, trials);
  return { arm: name, expression, metric, operator, limit, unit, ...found };
}

type Found = Pick<SloResult, "status" | "value" | "low" | "high" | "trials" | "reason">;

/** All trials count, those out of the comparison too: that is where the failures are. */
function ofFailures(slo: Slo, trials: readonly TrialResult[]): Found {
  const nothing = { value: null, low: null, high: null, trials: trials.length };
  if (trials.length === 0) return { ...nothing, status: "unknown", reason: "not-measured" };
  const value = trials.reduce((sum, trial) => sum + (sloValue(trial, "failures") ?? 0), 0);
  return { ...nothing, value, status: holds(slo, value) ? "met" : "missed", reason: null };
}

function ofMedian(slo: Slo, trials: readonly TrialResult[]): Found {
  const sound = trials.filter(({ disqualified }) => !disqualified);
  const values = sound.map((trial) => sloValue(trial, slo.metric)).filter((value) => value !== null);
  const { low, high } = medianInterval(values, tail);
  const facts = { value: middleOf(values), low, high, trials: values.length };
  const unknown = (reason: SloResult["reason"]): Found => ({ ...facts, status: "unknown", reason });
  if (values.length === 0)
    return unknown(sound.length === 0 && trials.length > 0 ? "lost-trials" : whyMissing(slo, sound));
  if (low === null || high === null) return unknown("too-few-trials");
  const [atLow, atHigh] = [holds(slo, low), holds(slo, high)];
  if (!atLow && !atHigh) return { ...facts, status: "missed", reason: null };
  if (!atLow || !atHigh) return unknown("too-close");
  if (isTooMany(trials.length - sound.length, trials.length)) return unknown("lost-trials");
  if (isTooMany(sound.length - values.length, sound.length)) {
    return unknown(tooFewIn(slo, sound) ? "too-few-messages" : "missing-values");
  }
  return { ...facts, status: "met", reason: null };
}

function whyMissing(slo: Slo, trials: readonly TrialResult[]): SloResult["reason"] {
  return tooFewIn(slo, trials) ? "too-few-messages" : "not-measured";
}

/** Whether a percentile is missing for nothing but the number of values. */
function tooFewIn({ metric }: Slo, trials: readonly TrialResult[]): boolean {
  const percentile = asSloPercentile(metric);
  if (percentile === null) return false;
  const missing = trials.filter((trial) => sloValue(trial, metric) === null);
  return missing.some(({ latencyUs }) => {
    const count = latencyUs[percentile.series]?.count ?? 0;
    return count > 0 && count < valuesToTell(percentile.quantile);
  });
}

function isTooMany(lost: number, of: number): boolean {
  return lost > lostShareMax * of;
}
