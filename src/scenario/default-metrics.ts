/**
 * Which metrics decide where the scenario names none, by the workload (docs/statistics.md, Trial plan).
 */
import { longestWindowS, quantileNeeds } from "./messages-needed.js";
import { type MetricName, quantiles } from "./metric.js";
import type { PlannedArm } from "./scenario.js";
import type { Workload } from "./workload.js";

/** For `--help`, in a sentence or two. */
export const defaultMetricsWords =
  "Verdicts rest on p50 and p99 on the wire (of the round trip where the kernel stamps no replies) and the proxy's CPU " +
  "a message, in a closed loop on throughput and the round trip's p99, unless compare.metrics of a scenario says otherwise.";

/**
 * In a closed loop p50 says the same as throughput, and processor time a message hangs on how much came at once, so
 * it is compared at equal load only. There it counts where every arm has a proxy to read it from; p99 counts where a
 * window can hold the messages for it.
 * @param series that percentiles are of
 */
export function defaultMetrics(arms: readonly PlannedArm[], series: UsualSeries): MetricName[] {
  if (arms.some(isClosed)) return ["throughputPerS", `${series}.p99`];
  const hasTail = arms.every(({ workload }) => canHold(workload, quantileNeeds(quantiles.p99)));
  const hasProxy = arms.every(({ target }) => target.kind === "proxy" || target.kind === "embedded");
  return [
    `${series}.p50`,
    ...(hasTail ? [`${series}.p99` as const] : []),
    ...(hasProxy ? ["cpuUsPerMessage" as const] : []),
  ];
}

/** What a bare `p50` can be of. */
export const usualSeries = ["wire", "roundTrip"] as const;
export type UsualSeries = (typeof usualSeries)[number];

/**
 * What percentiles are of unless a series is named. A round trip ends when the generator has seen the reply, which takes
 * it 35 to 55 µs on few processors, by what it happens to be doing: on two, 8 and 16 µs burnt in a relay showed as +1.5
 * and +3.3 % of p50 in the round trip, "equivalent", and as +5.6 and +9.7 % of 161 µs on the wire, "worse". In a closed
 * loop one reply in eight is stamped, and the generator is never at rest.
 * @param hasStamps whether the kernel's stamps of replies can be had here; asked only where the answer matters
 */
export function usualSeriesOf(arms: readonly PlannedArm[], hasStamps: () => boolean): UsualSeries {
  return !arms.some(isClosed) && arms.every(mayStamp) && hasStamps() ? "wire" : "roundTrip";
}

function isClosed({ workload }: PlannedArm): boolean {
  return workload.loop.kind === "closed";
}

/** Stamps are for the engines of our own, and these do not compress. */
function mayStamp({ workload: { engine, deflate } }: PlannedArm): boolean {
  return engine !== "ws" && !deflate;
}

/** What a paced load comes to is not known yet. */
function canHold({ loop, durationS }: Workload, messages: number): boolean {
  return loop.kind !== "open" || loop.ratePerS * (durationS ?? longestWindowS) >= messages;
}
