/** What a trial did in one stage of its load, as it is kept. */
import type { LatencyHistogram } from "../base/latency-histogram.js";
import type { StageReport } from "../load/shape/stage-figures.js";
import type { ToldStage } from "../scenario/told-stages.js";

export interface StageRecord extends ToldStage, Pick<StageReport, "due" | "sent" | "received" | "failures"> {
  readonly roundTrip: LatencyHistogram;
  /** Empty where the kernel stamps no replies. */
  readonly wire: LatencyHistogram;
  /** Of the proxy; null where not measured, or where it relays what nobody asked for as well. */
  readonly cpuNsPerMessage: number | null;
}
