/**
 * A run as gauges in base units (seconds, bytes, ratios), by Prometheus' rules for names: what the OpenMetrics file and
 * the OTLP export both hold. What was not measured has no sample.
 */
import type { PairReading } from "../../results/comparison-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import type { SloResult } from "../../results/slo-schema.js";
import { escapeControls } from "../draw/plain-text.js";
import { isJudged } from "../run/verdict-section.js";
import { armGauges } from "./arm-gauges.js";
import { type Gauge, gaugeOf, type Sample } from "./gauge.js";
import { rolloutGauges } from "./rollout-gauges.js";

/** Gauges without a sample are left out. */
export function runGauges(document: RunDocument): Gauge[] {
  const { scenario } = document;
  const gauges = [
    ...stateGauges(document),
    ...comparisonGauges(document),
    ...armGauges(document),
    ...rolloutGauges(document),
  ];
  return gauges
    .map((gauge) => ({
      ...gauge,
      samples: gauge.samples
        .filter(({ value }) => Number.isFinite(value))
        .map(({ labels, value }) => ({ labels: cleanLabels({ scenario: scenario.name, ...labels }), value })),
    }))
    .filter(({ samples }) => samples.length > 0);
}

function cleanLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, escapeControls(value)]));
}

function stateGauges({ gate, slo = [], startedAt, tool }: RunDocument): Gauge[] {
  const started = { labels: { version: tool.version }, value: Date.parse(startedAt) / 1000 };
  return [
    gaugeOf("run_started_timestamp_seconds", "When the run began, in Unix time", "s", [started]),
    gaugeOf(
      "gate_outcome",
      "1 for what the gate ended with, 0 for the others",
      "1",
      gate === undefined ? [] : oneOf("outcome", ["passed", "failed", "inconclusive"], gate.outcome, {}),
    ),
    gaugeOf(
      "gate_regression",
      "A finding that the candidate has and its baseline has not; 1 when it fails the gate, else 0",
      "1",
      (gate?.pairs ?? []).flatMap(({ candidate, regressions }) =>
        regressions.map(({ id, fails }) => ({ labels: { candidate, finding: id }, value: fails ? 1 : 0 })),
      ),
    ),
    gaugeOf(
      "slo_status",
      "1 for how the SLO stands, 0 for the others",
      "1",
      slo.flatMap(({ arm, expression, status }) =>
        oneOf("status", sloStatuses, status, { arm, slo: expression }),
      ),
    ),
  ];
}

const sloStatuses: readonly SloResult["status"][] = ["met", "missed", "unknown"];
const verdicts = ["better", "worse", "equivalent", "inconclusive"] as const;

function comparisonGauges(document: RunDocument): Gauge[] {
  const { comparisons, readings = [] } = document;
  const labelsOf = ({ baseline, candidate, metric }: PairReading) => ({
    baseline,
    candidate,
    metric,
  });
  return [
    gaugeOf(
      "comparison_ratio",
      "Candidate over baseline, with the bounds of its 95 % interval",
      "1",
      [...comparisons, ...readings].flatMap((one) => [
        { labels: { ...labelsOf(one), bound: "estimate" }, value: one.ratio ?? Number.NaN },
        { labels: { ...labelsOf(one), bound: "low" }, value: one.ciLow ?? Number.NaN },
        { labels: { ...labelsOf(one), bound: "high" }, value: one.ciHigh ?? Number.NaN },
      ]),
    ),
    gaugeOf(
      "comparison_difference_per_second",
      "Candidate less baseline in what has no ratio, with the bounds of its 95 % interval",
      "1/s",
      [...comparisons, ...readings].flatMap((one) => [
        { labels: { ...labelsOf(one), bound: "estimate" }, value: one.difference ?? Number.NaN },
        { labels: { ...labelsOf(one), bound: "low" }, value: one.differenceLow ?? Number.NaN },
        { labels: { ...labelsOf(one), bound: "high" }, value: one.differenceHigh ?? Number.NaN },
      ]),
    ),
    gaugeOf(
      "comparison_verdict",
      "1 for the verdict, 0 for the others",
      "1",
      comparisons
        .filter((one) => isJudged(one, document))
        .flatMap((one) => oneOf("verdict", verdicts, one.verdict, labelsOf(one))),
    ),
  ];
}

/** A state as Prometheus has it: a sample for each that could be. */
function oneOf<State extends string>(
  label: string,
  states: readonly State[],
  actual: State,
  labels: Readonly<Record<string, string>>,
): Sample[] {
  return states.map((state) => ({ labels: { ...labels, [label]: state }, value: state === actual ? 1 : 0 }));
}
