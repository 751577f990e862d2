/**
 * A run as gauges in base units (seconds, bytes, ratios), by Prometheus' rules for names: what the OpenMetrics file and
 * the OTLP export both hold. What was not measured has no sample.
 */
import type { PairReading } from "../../results/comparison-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import type { SloResult } from "../../results/slo-schema.js";
import type { TrialResult } from "../../results/trial-schema.js";
import { slicedSeries } from "../../scenario/metric.js";
import { escapeControls } from "../draw/plain-text.js";
import { isJudged } from "../run/verdict-section.js";
import { medianOf } from "../words/median.js";
import type { Gauge, Sample } from "./gauge.js";
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

const quantiles = { p50: "0.5", p90: "0.9", p99: "0.99", p999: "0.999" } as const;

/** Medians over the trials that are in the comparison; counts over all of them. */
function armGauges({ arms }: RunDocument): Gauge[] {
  const perArm = (read: (trial: TrialResult) => number | null | undefined, scale = 1): Sample[] =>
    arms.flatMap(({ name, trials }) => {
      const value = medianWhereIn(trials, read);
      return value === null ? [] : [{ labels: { arm: name }, value: value * scale }];
    });
  return [
    gaugeOf(
      "latency_seconds",
      "Latency of messages and connections by series, median of the trials",
      "s",
      arms.flatMap(({ name, trials }) => latencySamples(name, trials)),
    ),
    gaugeOf(
      "latency_steady_p99_seconds",
      "The p99 of a typical slice of a trial by series, median of the trials",
      "s",
      slicedSeries.flatMap((series) =>
        perArm(({ latencyUs }) => latencyUs[series]?.steadyP99, 1e-6).map(({ labels, value }) => ({
          labels: { ...labels, series },
          value,
        })),
      ),
    ),
    gaugeOf(
      "stalls_per_second",
      "Slices whose p99 stands out and which the proxy has to answer for, mean of the trials",
      "1/s",
      arms.flatMap(({ name, trials }) => {
        const told = trials.flatMap(({ disqualified, stallsPerS }) =>
          disqualified ? [] : (stallsPerS ?? []),
        );
        const value = told.reduce((sum, one) => sum + one, 0) / told.length;
        return told.length === 0 ? [] : [{ labels: { arm: name }, value }];
      }),
    ),
    gaugeOf(
      "throughput_messages_per_second",
      "Replies a second, median of the trials",
      "{message}/s",
      perArm(({ throughputPerS }) => throughputPerS),
    ),
    gaugeOf(
      "proxy_cpu_seconds_per_message",
      "Processor time of the proxy, median of the trials",
      "s/{message}",
      perArm(({ proxyCost }) => proxyCost?.cpuUsPerMessage, 1e-6),
    ),
    gaugeOf(
      "proxy_resident_bytes",
      "Resident memory of the proxy, median of the trials",
      "By",
      perArm(({ proxyCost }) => proxyCost?.rssBytes),
    ),
    gaugeOf(
      "proxy_resident_bytes_per_connection",
      "What a connection adds to it, median of the trials",
      "By/{connection}",
      perArm(({ proxyCost }) => proxyCost?.rssBytesPerConnection),
    ),
    gaugeOf("failures", "Failures over all trials, by kind and side", "{failure}", failureSamples(arms)),
    gaugeOf(
      "trials",
      "Trials, and whether they are in the comparison",
      "{trial}",
      arms.flatMap(({ name, trials }) => {
        const out = trials.filter(({ disqualified }) => disqualified).length;
        return [
          { labels: { arm: name, disqualified: "false" }, value: trials.length - out },
          { labels: { arm: name, disqualified: "true" }, value: out },
        ];
      }),
    ),
  ];
}

function latencySamples(arm: string, trials: readonly TrialResult[]): Sample[] {
  const series = [...new Set(trials.flatMap(({ latencyUs }) => Object.keys(latencyUs)))];
  return series.flatMap((name) =>
    Object.entries(quantiles).flatMap(([key, quantile]) => {
      const value = medianWhereIn(
        trials,
        ({ latencyUs }) => latencyUs[name as keyof typeof latencyUs]?.[key as keyof typeof quantiles],
      );
      return value === null ? [] : [{ labels: { arm, series: name, quantile }, value: value / 1e6 }];
    }),
  );
}

function failureSamples(arms: RunDocument["arms"]): Sample[] {
  return arms.flatMap(({ name, trials }) => {
    const counts = new Map<string, Sample>();
    for (const { kind, side, count } of trials.flatMap(({ failures }) => failures)) {
      const key = `${kind} ${side}`;
      const before = counts.get(key)?.value ?? 0;
      counts.set(key, { labels: { arm: name, kind, side }, value: before + count });
    }
    return [...counts.values()];
  });
}

function medianWhereIn(
  trials: readonly TrialResult[],
  read: (trial: TrialResult) => number | null | undefined,
): number | null {
  return medianOf(trials.filter(({ disqualified }) => !disqualified).map(read)).median;
}

function gaugeOf(name: string, help: string, unit: string, samples: readonly Sample[]): Gauge {
  return { name: `wsrally_${name}`, help, unit, samples };
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
