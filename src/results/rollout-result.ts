/** A rollout as it was measured, as the run document has it. */
import type { RolloutRecord } from "../trial/rollout/rollout-record.js";
import type { Rollout } from "./rollout-schema.js";

const tenths = (value: number): number => Math.round(value * 10) / 10;

export function toRolloutResult({ bill, traffic, eventsMs, watchedMs, ...record }: RolloutRecord): Rollout {
  const { lost, series, latencyUs, ...rest } = bill;
  return {
    arm: record.arm,
    event: record.event,
    block: record.block,
    reconnect: record.reconnect,
    atMs: tenths(-(series[0]?.atMs ?? 0)),
    eventsMs: eventsMs.map(tenths),
    watchedMs: tenths(watchedMs),
    lost: { count: lost.count, byEnding: [...lost.byEnding] },
    ...rest,
    latencyUs,
    ...(record.certificate === null ? {} : { certificate: record.certificate }),
    ...(record.upgrade === null ? {} : { upgrade: record.upgrade }),
    ...(record.backends === null ? {} : { backends: record.backends }),
    ...(record.slowReaders === null ? {} : { slowReaders: record.slowReaders }),
    ...(record.deadPeers === null ? {} : { deadPeers: record.deadPeers }),
    ...(record.line === null ? {} : { line: record.line }),
    explanation: record.explanation,
    traffic: { ...traffic, failures: [...traffic.failures] },
    series: series.map((point) => ({ ...point, atMs: tenths(point.atMs) })),
  };
}
