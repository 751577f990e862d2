/**
 * What a thread says of its part when it is over.
 */
import type { ConnectionEvents } from "./connection-events.js";
import type { ThreadReport } from "./messages.js";
import type { Recorder } from "./recorder.js";

export function toThreadReport(
  { tls, openedCount, failedCount, upkeep, unasked }: ConnectionEvents,
  recorder: Recorder,
  others: Pick<ThreadReport, "heartbeats" | "talk" | "held" | "cpuShare" | "tcpOpened">,
): ThreadReport {
  return {
    ...others,
    tls: tls.list(),
    opened: openedCount,
    failed: failedCount,
    upkeep: upkeep?.counts() ?? null,
    unasked: unasked?.counts() ?? null,
    notes: upkeep?.takeNotes() ?? [],
    startedNs: recorder.startedNs,
    counts: recorder.counts(),
    failures: recorder.failures.list(),
    histograms: recorder.encodedHistograms(),
    slices: recorder.slices(),
    arrivalsOff: recorder.arrivalsOff(),
    stages: recorder.stages(),
  };
}
