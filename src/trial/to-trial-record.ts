/**
 * What a trial left behind, into its record: costs, health, failures by side, and whether it counts.
 */
import type { BackendReport } from "../backend/messages.js";
import type { ObservedFailure } from "../load/failure.js";
import type { RecordedSeries, StartOrder } from "../load/messages.js";
import type { ProxyUsage, RunningProxy } from "../proxy/proxy.js";
import { attributeFailures } from "./attribute-failures.js";
import { type GeneratorReadings, judgeGenerator } from "./generator-health.js";
import { machineLoadOf } from "./machine-load.js";
import type { LoadResult } from "./run-load.js";
import type { TrialSettings } from "./run-trial.js";
import type { AttributedFailure, Part, ProxyCost, TrialRecord } from "./trial-record.js";
import type { Reading, WindowReadings } from "./window-readings.js";

/** Everything that one trial left behind. */
export interface Measured {
  readonly settings: TrialSettings;
  readonly startedAtMs: number;
  readonly order: StartOrder;
  readonly idle: ProxyUsage;
  readonly readings: WindowReadings;
  readonly result: LoadResult;
  readonly final: BackendReport | null;
  readonly proxy: RunningProxy;
}

export function toTrialRecord(measured: Measured): TrialRecord {
  const { settings, startedAtMs, order, readings, result, final, proxy } = measured;
  const { arm, block, round, position, engine, ratePerS } = settings;
  const { opened, failed, held, counts, histograms } = result;
  const requested = arm.plan.workload.connections;
  const generator = judgeGenerator(generatorReadings(measured));
  const proxyCost = arm.hasProxy ? proxyCostOf(measured) : null;
  const backendCpuShare = backendShare(readings);
  const record: Omit<TrialRecord, "disqualifiedBecause"> = {
    arm: arm.plan.name,
    block,
    round,
    position,
    startedAtMs,
    measuredAtMs: readings.measuredAtMs,
    durationNs: order.endNs - order.measureNs,
    warmupNs: order.measureNs - order.startNs,
    engine,
    tls: result.tls,
    heartbeats: result.heartbeats,
    connections: { requested, opened, failed, held },
    counts,
    backendMessages:
      final?.counts == null
        ? null
        : { received: final.counts.messagesReceived, sent: final.counts.messagesSent },
    ratePerS,
    histograms,
    failures: attribute(measured),
    proxyCost,
    generator,
    backendCpuShare,
    busiest: busiestOf({
      generator: generator.cpuShare,
      proxy: proxyCost?.cpuShare ?? null,
      backend: backendCpuShare,
    }),
    proxyLog: proxy.log(),
  };
  return { ...record, disqualifiedBecause: disqualifications(record) };
}

function generatorReadings({ settings, order, readings, result }: Measured): GeneratorReadings {
  const { ratePerS } = settings;
  const { counts, histograms, held } = result;
  const { first, last } = readings;
  const us = (series: RecordedSeries, quantile: number): number | null => {
    const valueNs = histograms.get(series)?.quantile(quantile) ?? null;
    return valueNs === null ? null : valueNs / 1e3;
  };
  const roundTripUs = us("roundTrip", 0.5);
  const wireUs = us("wire", 0.5);
  const load = machineLoadOf(first.machine, last.machine, {
    lengthNs: last.atNs - first.atNs,
    ownNs: last.ownNs - first.ownNs + spentBetween(first, last),
  });
  const byLittlesLaw = counts.roundTripsInWindowNs / (order.endNs - order.measureNs);
  return {
    cpuShare: result.cpuShare,
    sendLagUsP99: us("sendLag", 0.99),
    offered: ratePerS === null ? null : { due: counts.windowDue, sent: counts.windowSent },
    waiting: ratePerS === null && byLittlesLaw > 0 ? { connections: held, byLittlesLaw } : null,
    stealShare: load?.stealShare ?? null,
    otherShare: load?.otherShare ?? null,
    wireGapUsP50: roundTripUs === null || wireUs === null ? null : roundTripUs - wireUs,
  };
}

/** Processor time of proxy and backend in the window. */
function spentBetween(first: Reading, last: Reading): number {
  const proxyNs = (last.proxy.cpuNs ?? 0) - (first.proxy.cpuNs ?? 0);
  return proxyNs + (last.backend?.cpuNs ?? 0) - (first.backend?.cpuNs ?? 0);
}

function attribute({ settings: { arm }, result, final, proxy }: Measured): AttributedFailure[] {
  const failures: ObservedFailure[] = [...result.failures];
  const exit = proxy.exited();
  if (exit !== null) {
    const how = exit.signal === null ? `code ${exit.code}` : `signal ${exit.signal}`;
    failures.push({
      kind: "proxy-exited",
      code: exit.code,
      count: 1,
      example: `the proxy ended with ${how}`,
    });
  }
  const counts = final?.counts ?? null;
  return attributeFailures(failures, {
    peer: arm.hasProxy ? "proxy" : arm.foreign ? "unknown" : "backend",
    backendAnsweredAll: counts === null ? null : counts.messagesSent >= counts.messagesReceived,
    backendReceivedAll: counts === null ? null : counts.messagesReceived >= result.counts.totalSent,
  });
}

function proxyCostOf({ idle, readings: { first, last }, result }: Measured): ProxyCost {
  const { opened, counts } = result;
  const cpuNs =
    last.proxy.cpuNs === null || first.proxy.cpuNs === null ? null : last.proxy.cpuNs - first.proxy.cpuNs;
  const rssBytes = last.proxy.rssBytes;
  return {
    cpuUsPerMessage:
      cpuNs === null || counts.repliesInWindow === 0 ? null : cpuNs / 1e3 / counts.repliesInWindow,
    cpuShare: cpuNs === null ? null : cpuNs / (last.atNs - first.atNs),
    rssBytes,
    rssBytesPerConnection:
      rssBytes === null || idle.rssBytes === null || opened === 0
        ? null
        : (rssBytes - idle.rssBytes) / opened,
  };
}

function backendShare({ first, last }: WindowReadings): number | null {
  if (first.backend === null || last.backend === null) return null;
  // By the backend's own clock readings: its answer may have come late.
  return (last.backend.cpuNs - first.backend.cpuNs) / (last.backend.atNs - first.backend.atNs);
}

/** Why this trial's block must be left out: never for a value, only for what went wrong (statistics.md, lost trial). */
function disqualifications(record: Omit<TrialRecord, "disqualifiedBecause">): string[] {
  const { connections, counts, generator, failures } = record;
  const reasons = [...generator.reasons];
  if (connections.opened < connections.requested) reasons.push("connections-not-opened");
  if (connections.held < connections.opened) reasons.push("connections-lost");
  if (counts.windowReceived < counts.windowSent) reasons.push("replies-missing");
  if (failures.some(({ kind }) => kind === "proxy-exited")) reasons.push("proxy-exited");
  return reasons;
}

/** Null when one of them was not measured. */
function busiestOf(shares: Readonly<Record<Part, number | null>>): Part | null {
  const { generator, proxy, backend } = shares;
  if (generator === null || proxy === null || backend === null) return null;
  const most = Math.max(generator, proxy, backend);
  if (most === proxy) return "proxy";
  return most === generator ? "generator" : "backend";
}
