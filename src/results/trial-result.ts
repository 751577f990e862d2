/**
 * A trial in memory into the trial of the run document: nanoseconds into microseconds, histograms into percentiles.
 */
import type { LatencyHistogram } from "../base/latency-histogram.js";
import { type Ns, ns, usFromNs } from "../base/units.js";
import { logCauses } from "../diagnosis/log-cause.js";
import type { ProxyLogEntry } from "../proxy/proxy-diary.js";
import type { SlicedSeries } from "../scenario/metric.js";
import type { TrialRecord } from "../trial/trial-record.js";
import { steadyP99, type TrialSlices } from "../trial/trial-slices.js";
import { proxyLogFileOf } from "./proxy-log-file.js";
import type { SlicesResult, SlotsResult } from "./slices-schema.js";
import { toStageResult } from "./stage-result.js";
import type { LatencySummary, TrialResult } from "./trial-schema.js";
import { toUnaskedResult } from "./unasked-result.js";

export function toTrialResult(record: TrialRecord): TrialResult {
  const { counts, histograms, slices, backendMessages, durationNs } = record;
  const windowS = durationNs / 1e9;
  const steady = (series: SlicedSeries): Pick<LatencySummary, "steadyP99"> =>
    slices === null ? {} : { steadyP99: usOf(steadyP99(slices.p99Ns[series])) };
  return {
    block: record.block,
    round: record.round,
    position: record.position,
    startedAt: new Date(record.startedAtMs).toISOString(),
    durationS: windowS,
    warmupS: record.warmupNs / 1e9,
    engine: record.engine,
    tls: [...record.tls],
    heartbeats: record.heartbeats,
    ...(record.line === null ? {} : { line: record.line }),
    ...(record.talk === null ? {} : { talk: record.talk }),
    connections: record.connections,
    opening: record.opening,
    messages: { sent: counts.windowSent, received: counts.windowReceived },
    accounting: {
      clientSent: counts.totalSent,
      backendReceived: backendMessages?.received ?? null,
      backendSent: backendMessages?.sent ?? null,
      clientReceived: counts.totalReceived,
      bytes: {
        clientSent: counts.totalSentBytes,
        backendReceived: backendMessages?.receivedBytes ?? null,
        backendSent: backendMessages?.sentBytes ?? null,
        clientReceived: counts.totalReceivedBytes,
      },
    },
    throughputPerS: counts.repliesInWindow / windowS,
    offeredPerS: record.ratePerS === null ? null : counts.windowDue / windowS,
    latencyUs: {
      roundTrip: { ...summarise(histograms.get("roundTrip")), ...steady("roundTrip") },
      ...optional("response", histograms.get("response"), steady("response")),
      ...optional("wire", histograms.get("wire"), steady("wire")),
      ...optional("uplink", histograms.get("uplink")),
      ...optional("backend", histograms.get("backend")),
      ...optional("downlink", histograms.get("downlink")),
      ...optional("residenceUp", histograms.get("residenceUp")),
      ...optional("residenceDown", histograms.get("residenceDown")),
      ...optional("connect", histograms.get("connect")),
      ...optional("tls", histograms.get("tls")),
      ...optional("upgrade", histograms.get("upgrade")),
      ...optional("push", histograms.get("push")),
      ...optional("fanoutFirst", histograms.get("fanoutFirst")),
      ...optional("fanoutMedian", histograms.get("fanoutMedian")),
      ...optional("fanoutLast", histograms.get("fanoutLast")),
    },
    ...(record.residence === null ? {} : { residence: record.residence }),
    ...toUnaskedResult(record.unasked),
    slices: slices === null ? null : toSlicesResult(slices),
    ...(slices === null || !record.inSlots ? {} : { slots: toSlotsResult(slices) }),
    ...(record.stages.length === 0 ? {} : { stages: record.stages.map(toStageResult) }),
    failures: [...record.failures],
    proxyCost:
      record.proxyCost === null ? null : { ...record.proxyCost, workers: [...record.proxyCost.workers] },
    generator: { ...record.generator, reasons: [...record.generator.reasons] },
    backendCpuShare: record.backendCpuShare,
    busiest: record.busiest,
    ...(record.misplaced.length === 0 ? {} : { misplaced: [...record.misplaced] }),
    proxyLog: record.proxyLogEntries.map(toLogResult),
    proxyLogFile: proxyLogFileOf(record),
    disqualified: record.disqualifiedBecause.length > 0,
    disqualifiedBecause: [...record.disqualifiedBecause],
  };
}

function optional<Name extends string>(
  name: Name,
  histogram: LatencyHistogram | undefined,
  besides: Partial<LatencySummary> = {},
): Partial<Record<Name, LatencySummary>> {
  if (histogram === undefined) return {};
  return { [name]: { ...summarise(histogram), ...besides } } as Record<Name, LatencySummary>;
}

/** Of the wire, or where the kernel stamps no replies of the round trip. */
function seriesOf({ p99Ns }: TrialSlices): SlicesResult["series"] {
  return p99Ns.wire.some((value) => value !== null) ? "wire" : "roundTrip";
}

function toSlotsResult(slices: TrialSlices): SlotsResult {
  const series = seriesOf(slices);
  return { series, p50Us: slices.p50Ns[series].map(usOf) };
}

function toSlicesResult(slices: TrialSlices): SlicesResult {
  const series = seriesOf(slices);
  return {
    lengthS: slices.lengthNs / 1e9,
    series,
    p99Us: slices.p99Ns[series].map(usOf),
    generatorGapUs: slices.generatorGapNs.map((gapNs) => usFromNs(ns(gapNs))),
    backendGapUs: slices.backendGapNs.map(usOf),
    stolenUs: slices.stolenNs.map(usOf),
  };
}

function usOf(valueNs: number | null): number | null {
  return valueNs === null ? null : usFromNs(ns(valueNs));
}

/** What nothing was recorded of has a count of 0 and nothing else. */
function summarise(histogram: LatencyHistogram | undefined): LatencySummary {
  const us = (value: Ns | null | undefined): number | null => (value == null ? null : usFromNs(value));
  return {
    count: histogram?.count ?? 0,
    mean: us(histogram?.mean() as Ns | null | undefined),
    p50: us(histogram?.quantile(0.5)),
    p90: us(histogram?.quantile(0.9)),
    p99: us(histogram?.quantile(0.99)),
    p999: us(histogram?.quantile(0.999)),
    max: us(histogram?.max()),
  };
}

function toLogResult({
  level,
  message,
  count,
  example,
  cause,
}: ProxyLogEntry): TrialResult["proxyLog"][number] {
  return { message, count, level, example, cause: cause === null ? null : logCauses[cause], causeId: cause };
}
