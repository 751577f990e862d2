/**
 * What a trial's generator threads report, merged into one result.
 */
import { LatencyHistogram } from "../base/latency-histogram.js";
import { FailureTally } from "../load/failure.js";
import {
  type RecordedSeries,
  recordedSeries,
  type ThreadReport,
  type UpkeepCounts,
} from "../load/messages.js";
import type { StageReport } from "../load/shape/stage-figures.js";
import type { SlicesReport } from "../load/slice-report.js";
import { joinSlices } from "../load/slices.js";
import type { HeartbeatCounts, TalkCounts } from "../load/thread-counts.js";
import { TlsTally } from "../load/tls-tally.js";
import type { UnaskedCounts } from "../load/unasked/unasked-order.js";

/**
 * What all threads saw, as one; `cpuShare` is that of the busiest, and `arrivalsOff` that of the thread furthest off, null
 * where they were not measured.
 */
export interface LoadResult extends Omit<ThreadReport, "histograms" | "startedNs"> {
  readonly histograms: ReadonlyMap<RecordedSeries, LatencyHistogram>;
}

export function mergeReports(reports: readonly ThreadReport[]): LoadResult {
  const sum = (pick: (report: ThreadReport) => number): number =>
    reports.reduce((total, report) => total + pick(report), 0);
  const failures = new FailureTally();
  for (const report of reports) failures.addAll(report.failures);
  const tls = new TlsTally();
  for (const report of reports) tls.addAll(report.tls);
  return {
    heartbeats: sumHeartbeats(reports),
    talk: sumTalk(reports),
    unasked: sumUnasked(reports.flatMap(({ unasked }) => unasked ?? [])),
    upkeep: sumUpkeep(reports.flatMap(({ upkeep }) => upkeep ?? [])),
    tls: tls.list(),
    tcpOpened: reports.some(({ tcpOpened }) => tcpOpened === null)
      ? null
      : sum(({ tcpOpened }) => tcpOpened ?? 0),
    opened: sum((report) => report.opened),
    failed: sum((report) => report.failed),
    held: sum((report) => report.held),
    notes: reports.flatMap(({ notes }) => notes),
    counts: {
      windowSent: sum(({ counts }) => counts.windowSent),
      windowReceived: sum(({ counts }) => counts.windowReceived),
      windowDue: sum(({ counts }) => counts.windowDue),
      roundTripsInWindowNs: sum(({ counts }) => counts.roundTripsInWindowNs),
      repliesInWindow: sum(({ counts }) => counts.repliesInWindow),
      totalSent: sum(({ counts }) => counts.totalSent),
      totalReceived: sum(({ counts }) => counts.totalReceived),
      totalSentBytes: sum(({ counts }) => counts.totalSentBytes),
      totalReceivedBytes: sum(({ counts }) => counts.totalReceivedBytes),
    },
    failures: failures.list(),
    histograms: mergeHistograms(reports),
    slices: mergeSlices(reports),
    arrivalsOff: greatest(reports.map(({ arrivalsOff }) => arrivalsOff)),
    cpuShare: greatest(reports.map(({ cpuShare }) => cpuShare)),
    stages: mergeStages(reports),
  };
}

function greatest(values: readonly (number | null | undefined)[]): number | null {
  const known = values.flatMap((value) => value ?? []);
  return known.length === 0 ? null : Math.max(...known);
}

function sumHeartbeats(reports: readonly ThreadReport[]): HeartbeatCounts | null {
  const counts = reports.flatMap(({ heartbeats }) => (heartbeats === null ? [] : [heartbeats]));
  if (counts.length === 0) return null;
  return {
    sent: counts.reduce((sum, { sent }) => sum + sent, 0),
    answered: counts.reduce((sum, { answered }) => sum + answered, 0),
  };
}

function sumTalk(reports: readonly ThreadReport[]): TalkCounts | null {
  const counts = reports.flatMap(({ talk }) => (talk === null ? [] : [talk]));
  if (counts.length === 0) return null;
  return {
    ignored: counts.reduce((sum, { ignored }) => sum + ignored, 0),
    answered: counts.reduce((sum, { answered }) => sum + answered, 0),
    keptAlive: counts.reduce((sum, { keptAlive }) => sum + keptAlive, 0),
  };
}

/** Null where nothing comes to any thread unasked. */
export function sumUnasked(counts: readonly UnaskedCounts[]): UnaskedCounts | null {
  if (counts.length === 0) return null;
  const sum = (pick: (one: UnaskedCounts) => number): number =>
    counts.reduce((total, one) => total + pick(one), 0);
  return {
    pushesDelivered: sum(({ pushesDelivered }) => pushesDelivered),
    castsDue: sum(({ castsDue }) => castsDue),
    castsSent: sum(({ castsSent }) => castsSent),
    deliveriesExpected: sum(({ deliveriesExpected }) => deliveriesExpected),
    deliveriesCame: sum(({ deliveriesCame }) => deliveriesCame),
  };
}

/** Null where no thread keeps its connections up. */
export function sumUpkeep(counts: readonly UpkeepCounts[]): UpkeepCounts | null {
  if (counts.length === 0) return null;
  const sum = (field: keyof UpkeepCounts): number => counts.reduce((total, one) => total + one[field], 0);
  return {
    lost: sum("lost"),
    reopened: sum("reopened"),
    churned: sum("churned"),
    failedTries: sum("failedTries"),
  };
}

/** Threads have the same slices, for they start together. */
function mergeSlices(reports: readonly ThreadReport[]): SlicesReport | null {
  const known = reports.flatMap(({ slices }) => slices ?? []);
  const [first] = known;
  if (first === undefined) return null;
  return {
    lengthNs: first.lengthNs,
    slices: first.slices.map((_, index) => joinSlices(known.flatMap(({ slices }) => slices[index] ?? []))),
  };
}

/** Threads have the same stages. A bucket may have several pairs. */
function mergeStages(reports: readonly ThreadReport[]): StageReport[] {
  const [first] = reports;
  return (first?.stages ?? []).map((_, at): StageReport => {
    const parts = reports.flatMap(({ stages }) => stages[at] ?? []);
    const sum = (field: "due" | "sent" | "received" | "failures"): number =>
      parts.reduce((total, one) => total + one[field], 0);
    return {
      due: sum("due"),
      sent: sum("sent"),
      received: sum("received"),
      failures: sum("failures"),
      roundTrip: Uint32Array.from(parts.flatMap((part) => [...part.roundTrip])),
      wire: Uint32Array.from(parts.flatMap((part) => [...part.wire])),
    };
  });
}

function mergeHistograms(reports: readonly ThreadReport[]): Map<RecordedSeries, LatencyHistogram> {
  const merged = new Map<RecordedSeries, LatencyHistogram>();
  for (const series of recordedSeries) {
    for (const { histograms } of reports) {
      const encoded = histograms[series];
      if (encoded === undefined) continue;
      const whole = merged.get(series) ?? new LatencyHistogram();
      whole.add(LatencyHistogram.decode(encoded));
      merged.set(series, whole);
    }
  }
  return merged;
}
