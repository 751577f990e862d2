/** What a trial did stage by stage, put together from what its threads and its proxy told. */
import { lowestValueAt } from "../base/histogram-buckets.js";
import { LatencyHistogram } from "../base/latency-histogram.js";
import { ns } from "../base/units.js";
import { toldStages } from "../scenario/told-stages.js";
import { hasUnasked } from "../scenario/unasked.js";
import type { Measured } from "./measured.js";
import type { StageRecord } from "./stage-record.js";
import type { StageReading } from "./window-readings.js";

export function stageRecordsOf({
  settings,
  order,
  result,
  readings,
}: Pick<Measured, "settings" | "order" | "result" | "readings">): StageRecord[] {
  const { workload } = settings.arm.plan;
  const told = toldStages(workload.stages);
  const loadS = (order.endNs - order.measureNs) / 1e9;
  return result.stages.flatMap((figures, at): StageRecord[] => {
    const stage = told[at];
    // A trial may be shorter than its stages.
    if (stage === undefined || stage.fromS >= loadS) return [];
    const { due, sent, received, failures } = figures;
    const cpuNs = cpuBetween(readings.stages[at], readings.stages[at + 1], stage.forS);
    return [
      {
        ...stage,
        ...{ due, sent, received, failures },
        roundTrip: histogramOf(figures.roundTrip),
        wire: histogramOf(figures.wire),
        cpuNsPerMessage: cpuNs === null || received === 0 || hasUnasked(workload) ? null : cpuNs / received,
      },
    ];
  });
}

/** As much a second as between the two readings, for as long as the stage lasted. */
function cpuBetween(
  first: StageReading | undefined,
  last: StageReading | undefined,
  forS: number,
): number | null {
  if (first === undefined || last === undefined || first.cpuNs === null || last.cpuNs === null) return null;
  return ((last.cpuNs - first.cpuNs) * forS * 1e9) / (last.atNs - first.atNs);
}

function histogramOf(pairs: Uint32Array): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (let at = 0; at < pairs.length; at += 2)
    histogram.record(ns(lowestValueAt(pairs[at] as number)), pairs[at + 1] as number);
  return histogram;
}
