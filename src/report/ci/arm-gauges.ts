/** What a run's arms measured, as gauges. */
import type { RunDocument } from "../../results/run-document.js";
import type { TrialResult } from "../../results/trial-schema.js";
import { slicedSeries } from "../../scenario/metric.js";
import { medianOf } from "../words/median.js";
import { type Gauge, gaugeOf, type Sample } from "./gauge.js";

const quantiles = { p50: "0.5", p90: "0.9", p99: "0.99", p999: "0.999" } as const;

/** Medians over the trials that are in the comparison; counts over all of them. */
export function armGauges({ arms }: RunDocument): Gauge[] {
  return [...latencyGauges(arms), ...costGauges(arms), ...countGauges(arms)];
}

type Arms = RunDocument["arms"];

/** A sample an arm, where it was measured. */
function medians(arms: Arms, read: (trial: TrialResult) => number | null | undefined, scale = 1): Sample[] {
  return arms.flatMap(({ name, trials }) => {
    const value = medianWhereIn(trials, read);
    return value === null ? [] : [{ labels: { arm: name }, value: value * scale }];
  });
}

function latencyGauges(arms: Arms): Gauge[] {
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
        medians(arms, ({ latencyUs }) => latencyUs[series]?.steadyP99, 1e-6).map(({ labels, value }) => ({
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
  ];
}

function costGauges(arms: Arms): Gauge[] {
  return [
    gaugeOf(
      "throughput_messages_per_second",
      "Replies a second, median of the trials",
      "{message}/s",
      medians(arms, ({ throughputPerS }) => throughputPerS),
    ),
    gaugeOf(
      "proxy_cpu_seconds_per_message",
      "Processor time of the proxy, median of the trials",
      "s/{message}",
      medians(arms, ({ proxyCost }) => proxyCost?.cpuUsPerMessage, 1e-6),
    ),
    gaugeOf(
      "proxy_resident_bytes",
      "Resident memory of the proxy, median of the trials",
      "By",
      medians(arms, ({ proxyCost }) => proxyCost?.rssBytes),
    ),
    gaugeOf(
      "proxy_resident_bytes_per_connection",
      "What a connection adds to it, median of the trials",
      "By/{connection}",
      medians(arms, ({ proxyCost }) => proxyCost?.rssBytesPerConnection),
    ),
  ];
}

function countGauges(arms: Arms): Gauge[] {
  return [
    gaugeOf("failures", "Failures over all trials, by kind and side", "{failure}", failureSamples(arms)),
    gaugeOf(
      "reach_ratio",
      "Of what the backend sent unasked, the share that arrived, by kind, over all trials",
      "1",
      arms.flatMap(({ name, trials }) => [
        ...reachSamples(
          name,
          "push",
          trials.flatMap(({ push }) => push ?? []),
        ),
        ...reachSamples(
          name,
          "fanout",
          trials.flatMap(({ fanout }) =>
            fanout === undefined ? [] : { due: fanout.expected, delivered: fanout.delivered },
          ),
        ),
      ]),
    ),
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

function reachSamples(
  arm: string,
  kind: string,
  counts: readonly { readonly due: number; readonly delivered: number }[],
): Sample[] {
  const due = counts.reduce((sum, one) => sum + one.due, 0);
  const delivered = counts.reduce((sum, one) => sum + one.delivered, 0);
  return due === 0 ? [] : [{ labels: { arm, kind }, value: delivered / due }];
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

function failureSamples(arms: Arms): Sample[] {
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
