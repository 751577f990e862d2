/**
 * Which metrics decide where the scenario names none, by the workload (docs/statistics.md, Trial plan).
 */

import { hasOwnProxy } from "./arm.js";
import { longestWindowS, quantileNeeds, steadyWindowS } from "./messages-needed.js";
import { type MetricName, quantiles, stallsMetric } from "./metric.js";
import type { PlannedArm } from "./scenario.js";
import type { Workload } from "./workload.js";

/** For `--help`, in a sentence or two. */
export const defaultMetricsWords =
  "Verdicts rest on p50 and steadyP99 (the p99 of a typical tenth of a second) on the wire, or of the round trip where the " +
  "kernel stamps no replies, and on the proxy's CPU a message; with push or fanout on its latency instead; in a closed loop on throughput and the round trip's " +
  "steadyP99. More stalls (stallsPerS) are worse. compare.metrics of a scenario says otherwise.";

/**
 * In a closed loop p50 says the same as throughput, and processor time a message hangs on how much came at once, so
 * it is compared at equal load only. There it counts where every arm has a proxy to read it from. The tail is that of a
 * typical slice, and stalls are what it leaves out; a window that has too few slices has its p99, if it can hold the
 * messages for it.
 * @param series that percentiles are of
 */
export function defaultMetrics(arms: readonly PlannedArm[], series: UsualSeries): MetricName[] {
  const unasked = unaskedMetrics(arms);
  if (unasked.length > 0) return arms.every(hasProxyToSee) ? [...unasked, costOf(arms)] : unasked;
  const isLoop = arms.some(isClosed);
  const middle: MetricName = isLoop ? "throughputPerS" : `${series}.p50`;
  const cost: MetricName[] = arms.every(hasProxyToSee) && !isLoop ? [perMessage] : [];
  if (arms.every(({ workload }) => hasSlices(workload))) {
    return [middle, `${series}.steadyP99`, ...cost, stallsMetric];
  }
  const hasTail = arms.every(({ workload }) => canHold(workload, quantileNeeds(quantiles.p99)));
  const tail: MetricName[] = hasTail ? [`${series}.p99`] : [];
  return [middle, ...tail, ...cost];
}

const perMessage: MetricName = "cpuUsPerMessage";

/** What is asked of a backend that sends unasked: how late it arrives, and of a room when half and all of it have it. */
function unaskedMetrics(arms: readonly PlannedArm[]): MetricName[] {
  const pushed = arms.flatMap(({ workload }) => (workload.push === null ? [] : [pushesOf(workload)]));
  const hasTail = pushed.every((pushes) => pushes >= quantileNeeds(quantiles.p99));
  const push: MetricName[] =
    pushed.length < arms.length ? [] : hasTail ? ["push.p50", "push.p99"] : ["push.p50"];
  const fanout: MetricName[] = arms.every(({ workload }) => workload.fanout !== null)
    ? ["fanoutMedian.p50", "fanoutLast.p50"]
    : [];
  return [...push, ...fanout];
}

/** In the longest window that there may be. */
function pushesOf({ push, durationS }: Workload): number {
  return (push?.ratePerS ?? 0) * (durationS ?? longestWindowS);
}

/** A message to a room costs by its members, of whom a message is one. */
function costOf(arms: readonly PlannedArm[]): MetricName {
  return arms.every(({ workload }) => workload.fanout !== null) ? "cpuUsPerFanout" : perMessage;
}

function hasProxyToSee({ target }: PlannedArm): boolean {
  return hasOwnProxy(target);
}

/** What a bare `p50` can be of. */
export const usualSeries = ["wire", "roundTrip"] as const;
type UsualSeries = (typeof usualSeries)[number];

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

/** Whether a window has slices enough to tell a typical one. */
function hasSlices({ loop, durationS }: Workload): boolean {
  const leastS = loop.kind === "open" ? steadyWindowS(loop.ratePerS) : 0;
  return leastS <= (durationS ?? longestWindowS);
}
