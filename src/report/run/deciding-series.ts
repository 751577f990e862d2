/** The latency series that charts draw: the one that verdicts rest on. */
import type { RunDocument } from "../../results/run-document.js";
import { asLatency, type SlicedSeries, slicedSeries } from "../../scenario/metric.js";
import { allTrials } from "./run-facts.js";

/** Of the metrics the first series of messages that some trial has values of; else the round trip. */
export function decidingSeries(document: RunDocument): SlicedSeries {
  const trials = allTrials(document);
  const named = document.scenario.metrics.map((metric) => asLatency(metric)?.series);
  const found = named.flatMap((name) => slicedSeries.find((series) => series === name) ?? []);
  return (
    found.find((series) => trials.some(({ latencyUs }) => (latencyUs[series]?.count ?? 0) > 0)) ?? "roundTrip"
  );
}
