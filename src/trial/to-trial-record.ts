/**
 * What a trial left behind, into its record: costs, health, failures by side, and whether it counts.
 */
import type { BackendReport } from "../backend/messages.js";
import type { ObservedFailure } from "../load/failure.js";
import type { RecordedSeries } from "../load/messages.js";
import type { ProxyExit } from "../proxy/proxy.js";
import type { ProxyDiary } from "../proxy/proxy-diary.js";
import { attributeFailures } from "./attribute-failures.js";
import { busiestOf } from "./busiest-of.js";
import { connectionCountsOf, waitsAlways } from "./connection-counts.js";
import { missingOf, unaskedRecordOf, unaskedTroubles } from "./count-unasked.js";
import { type GeneratorReadings, judgeGenerator, lateSendLagUs } from "./generator-health.js";
import {
  measuredNs,
  ofLoadedTime,
  ownCostOf,
  ownTimeNs,
  relayedBetween,
  slicesOf,
  warmedUpNs,
} from "./loaded-window.js";
import { machineLoadOf } from "./machine-load.js";
import type { Measured } from "./measured.js";
import { peerOf } from "./peer-of.js";
import { proxyCostOf } from "./proxy-cost.js";
import { stageRecordsOf } from "./record-stages.js";
import { residenceHistograms, residenceRecordOf } from "./residence-record.js";
import { lineTroubles } from "./stage-line.js";
import type { AttributedFailure, TrialRecord } from "./trial-record.js";
import type { WindowReadings } from "./window-readings.js";
import { windowTroubles } from "./window-troubles.js";

export function toTrialRecord(measured: Measured): TrialRecord {
  const { settings, startedAtMs, readings, result, residence, final, diary } = measured;
  const { arm, block, round, position, engine, ratePerS } = settings;
  const { opened, held, counts, histograms } = result;
  const unasked = unaskedRecordOf(arm.plan.workload, result, final?.counts?.pushes ?? null);
  const generator = judgeGenerator(generatorReadings(measured), [
    ...windowTroubles(readings, settings.pool.barrier?.skewNs()),
    ...unaskedTroubles(unasked),
    ...lineTroubles(arm.plan.workload, measured.line),
    ...new Set(measured.misplaced.map(({ part }) => `${part}-misplaced`)),
  ]);
  const { first, last } = readings;
  const slices = slicesOf(measured);
  const proxyCost =
    measured.memory === null
      ? null
      : proxyCostOf({
          first: first.proxy,
          last: last.proxy,
          lengthNs: ownTimeNs(measured),
          ownSlots: ownCostOf(measured, slices),
          workers: arm.proxy.facts?.workers ?? null,
          ...relayedBetween(measured),
          memory: measured.memory,
          opened,
          held,
        });
  const backendCpuShare = ofLoadedTime(backendShare(readings), measured);
  const record: Omit<TrialRecord, "disqualifiedBecause"> = {
    arm: arm.plan.name,
    block,
    round,
    position,
    startedAtMs,
    measuredAtMs: readings.measuredAtMs,
    durationNs: measuredNs(measured),
    warmupNs: warmedUpNs(measured),
    engine,
    tls: result.tls,
    heartbeats: result.heartbeats,
    talk: result.talk,
    unasked,
    connections: connectionCountsOf(measured),
    line: measured.line,
    residence: residenceRecordOf(residence),
    opening: measured.opening,
    counts,
    backendMessages: backendMessagesOf(final),
    others: final?.counts?.others ?? null,
    ratePerS,
    histograms: new Map([...histograms, ...residenceHistograms(residence)]),
    slices,
    inSlots: settings.shared !== undefined,
    failures: attribute(measured, missingOf(unasked)),
    stages: stageRecordsOf(measured),
    proxyCost,
    generator,
    backendCpuShare,
    busiest: busiestOf({
      generator: generator.cpuShare,
      proxy: proxyCost?.cpuShare ?? null,
      backend: backendCpuShare,
    }),
    misplaced: measured.misplaced.map(({ words }) => words),
    proxyLog: diary.lines,
    proxyLogEntries: diary.entries,
  };
  const reloaded = diary.reloads > 0 ? ["proxy-reloaded"] : [];
  return { ...record, disqualifiedBecause: [...disqualifications(record), ...reloaded] };
}

function backendMessagesOf(final: BackendReport | null): TrialRecord["backendMessages"] {
  if (final?.counts == null) return null;
  const { messagesReceived, messagesSent, bytesReceived, bytesSent } = final.counts;
  return {
    received: messagesReceived,
    sent: messagesSent,
    receivedBytes: bytesReceived,
    sentBytes: bytesSent,
  };
}

/** Null without slices. */
function lateShareOf(measured: Measured): number | null {
  const gapsNs = slicesOf(measured)?.generatorGapNs ?? [];
  const late = gapsNs.filter((gapNs) => gapNs / 1e3 > lateSendLagUs).length;
  return gapsNs.length === 0 ? null : late / gapsNs.length;
}

function generatorReadings(measured: Measured): GeneratorReadings {
  const { settings, order, readings, result } = measured;
  const { ratePerS } = settings;
  const { counts, histograms, held } = result;
  const { first, last } = readings;
  const us = (series: RecordedSeries, quantile: number): number | null => {
    const valueNs = histograms.get(series)?.quantile(quantile) ?? null;
    return valueNs === null ? null : valueNs / 1e3;
  };
  const wireGapUs = (quantile: number): number | null => {
    const roundTripUs = us("roundTrip", quantile);
    const wireUs = us("wire", quantile);
    return roundTripUs === null || wireUs === null ? null : roundTripUs - wireUs;
  };
  const isHere = settings.pool.barrier === undefined;
  const isProxyHere = settings.arm.hasProxy && settings.arm.proxy.agent === undefined;
  // Of other hosts nothing is seen from here.
  const load =
    !isHere && !isProxyHere
      ? null
      : machineLoadOf(first.machine, last.machine, {
          lengthNs: last.atNs - first.atNs,
          ownNs: last.ownNs - first.ownNs + measured.spentByAllNs,
        });
  const byLittlesLaw = counts.roundTripsInWindowNs / (order.endNs - order.measureNs);
  return {
    cpuShare: ofLoadedTime(result.cpuShare, measured),
    sendLagUsP99: us("sendLag", 0.99),
    arrivalsOff: result.arrivalsOff,
    lateShare: settings.bearsPauses === true ? lateShareOf(measured) : null,
    offered: ratePerS === null ? null : { due: counts.windowDue, sent: counts.windowSent },
    waiting:
      ratePerS === null && waitsAlways(settings.arm.plan.workload) && byLittlesLaw > 0
        ? { connections: held, byLittlesLaw }
        : null,
    stealShare: load?.stealShare ?? null,
    otherShare: load?.otherShare ?? null,
    wireGapUsP50: wireGapUs(0.5),
    wireGapUsP99: wireGapUs(0.99),
  };
}

function attribute(
  { settings: { arm }, result, final, exit, diary }: Measured,
  missing: readonly ObservedFailure[],
): AttributedFailure[] {
  const exits = exitsOf(exit, diary);
  const exited: ObservedFailure[] = exits
    .slice(0, 1)
    .map((example) => ({ kind: "proxy-exited", code: null, stage: "open", count: exits.length, example }));
  return attributeFailures([...result.failures, ...missing, ...exited], {
    peer: peerOf(arm),
    backend: final?.counts ?? null,
    opened: result.opened + (result.upkeep?.reopened ?? 0),
    diary,
  });
}

/** The proxy's main process, and others that its log tells of. */
function exitsOf(exit: ProxyExit | null, { deaths }: ProxyDiary): string[] {
  if (exit === null) return [...deaths];
  const how = exit.signal === null ? `code ${exit.code}` : `signal ${exit.signal}`;
  return [`the proxy ended with ${how}`, ...deaths];
}

function backendShare({ first, last }: WindowReadings): number | null {
  if (first.backend === null || last.backend === null) return null;
  // By the backend's own clock readings: its answer may have come late.
  return (last.backend.cpuNs - first.backend.cpuNs) / (last.backend.atNs - first.backend.atNs);
}

/** Why its block must be left out: never for a value, only for what went wrong (docs/statistics.md, Trial plan). */
function disqualifications(record: Omit<TrialRecord, "disqualifiedBecause">): string[] {
  const { connections, counts, generator, unasked, failures } = record;
  const reasons = [...generator.reasons];
  if (connections.opened < connections.requested) reasons.push("connections-not-opened");
  if (connections.held < (connections.wantedAtEnd ?? connections.opened)) reasons.push("connections-lost");
  if (counts.windowReceived < counts.windowSent) reasons.push("replies-missing");
  for (const { kind } of missingOf(unasked))
    reasons.push(kind === "push-missing" ? "pushes-missing" : "deliveries-missing");
  if (failures.some(({ kind }) => kind === "proxy-exited")) reasons.push("proxy-exited");
  return reasons;
}
