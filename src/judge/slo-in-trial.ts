/**
 * SLO clauses against one single trial, as a capacity search asks step by step: its noise is the search's to reckon with.
 */
import type { TrialResult } from "../results/trial-schema.js";
import { holds, type Slo } from "../scenario/slo.js";
import { sloMetrics } from "../scenario/slo-metric.js";
import { sloValue } from "./slo-value.js";

interface SloReading {
  readonly slo: Slo;
  /** In the metric's own unit; null where the trial does not tell. */
  readonly value: number | null;
  /** Null where the trial does not tell. */
  readonly isMet: boolean | null;
}

export function readSlo(slo: Slo, trial: TrialResult): SloReading {
  const value = sloValue(trial, slo.metric);
  return { slo, value, isMet: value === null ? null : holds(slo, value) };
}

/** `response.p99 < 20ms: 34.1 ms`. */
export function sloWords({ slo, value }: SloReading): string {
  if (value === null) return `${slo.expression}: not told, too few messages`;
  const unit = sloMetrics.get(slo.metric)?.unit;
  const text =
    unit === "us" ? `${Number((value / 1e3).toPrecision(3))} ms` : String(Number(value.toPrecision(4)));
  return `${slo.expression}: ${text}`;
}
