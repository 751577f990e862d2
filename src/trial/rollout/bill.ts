/**
 * Adds up what an event cost, from what was noted: pure.
 */
import { LatencyHistogram } from "../../base/latency-histogram.js";
import type { ConnectionNote } from "../../load/connection-note.js";
import type { LostAlike, Percentiles, RolloutBill, RolloutPoint } from "./rollout-record.js";

/** One window of the load. */
export interface BillWindow {
  /** Of its beginning, on the clock of the notes. */
  readonly atNs: number;
  readonly open: number;
  /** Of the replies that came in it; null for none. */
  readonly response: LatencyHistogram | null;
}

/** The proxy at one instant; null for what is not seen. */
export interface ProxySample {
  readonly atNs: number;
  readonly pids: readonly number[];
  readonly rssBytes: number | null;
}

export interface BillFacts {
  /** The first is what times are counted from. */
  readonly eventsNs: readonly number[];
  /** When an event that lasts was over; null for one that does not. */
  readonly lastedToNs: number | null;
  readonly clients: number;
  readonly windowNs: number;
  readonly windows: readonly BillWindow[];
  readonly notes: readonly ConnectionNote[];
  readonly samples: readonly ProxySample[];
  /** Processes that stay through an event by design: who leads the others. */
  readonly leaders: readonly number[];
  readonly byEnding: readonly LostAlike[];
  readonly repliesLost: number;
  readonly slowAboveUs: number;
}

const burstNs = 1e8;

export function billOf(facts: BillFacts): RolloutBill {
  const { eventsNs, clients, notes, byEnding, repliesLost, slowAboveUs } = facts;
  const fromNs = eventsNs[0] ?? 0;
  const since = notes.filter(({ atNs }) => atNs >= fromNs);
  const lost = since.filter((note) => note.what === "lost");
  const tried = since.filter((note) => note.what === "tried");
  const back = since.filter((note) => note.what === "back");
  const notBack = lost.length - back.length;
  const lastBackNs = greatest(back.map(({ atNs }) => atNs));
  const lostAt = lost.map(({ atNs }) => atNs);
  const overNs =
    Math.max(...eventsNs, facts.lastedToNs ?? 0, lastBackNs ?? 0, greatest(lostAt) ?? 0) + facts.windowNs;
  const series = seriesOf(facts, fromNs);
  const ms = (ns: number): number => (ns - fromNs) / 1e6;
  return {
    clients,
    lost: { count: lost.length, byEnding },
    lostMs:
      lost.length === 0 ? null : { first: ms(least(lostAt) ?? fromNs), last: ms(greatest(lostAt) ?? fromNs) },
    repliesLost,
    downMs: spreadOf(back.map(({ downNs }) => downNs / 1e6)),
    reconnects: {
      tries: tried.length,
      failedTries: tried.length - back.length,
      worstPer100Ms: worstBurst(tried.map(({ atNs }) => atNs)),
      allBackAfterMs: notBack === 0 && lastBackNs !== null ? ms(lastBackNs) : null,
      notBack,
    },
    latencyUs: {
      before: between(facts, Number.NEGATIVE_INFINITY, fromNs - facts.windowNs),
      during: between(facts, fromNs - facts.windowNs + 1, overNs),
      after: between(facts, overNs + 1, Number.POSITIVE_INFINITY),
    },
    slow: { aboveUs: slowAboveUs, forMs: slowMs(series, facts) },
    proxy: proxyOf(facts, fromNs),
    series,
  };
}

function slowMs(series: readonly RolloutPoint[], { windowNs, slowAboveUs }: BillFacts): number | null {
  const windowMs = windowNs / 1e6;
  const told = series.flatMap(({ atMs, p99 }) => (atMs > -windowMs && p99 !== null ? [p99] : []));
  return told.length === 0 ? null : told.filter((p99) => p99 > slowAboveUs).length * windowMs;
}

/** Most instants within any 100 ms. */
export function worstBurst(atNs: readonly number[]): number {
  const sorted = Float64Array.from(atNs).sort();
  let worst = 0;
  let first = 0;
  for (let last = 0; last < sorted.length; last++) {
    while ((sorted[last] as number) - (sorted[first] as number) >= burstNs) first++;
    worst = Math.max(worst, last - first + 1);
  }
  return worst;
}

/** Percentiles by nearest rank; null of nothing. */
export function spreadOf(values: readonly number[]): { p50: number; p99: number; max: number } | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (quantile: number): number =>
    sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)] as number;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** Of the windows that begin from `fromNs` to `toNs`. */
function between({ windows }: BillFacts, fromNs: number, toNs: number): Percentiles {
  const whole = new LatencyHistogram();
  for (const { atNs, response } of windows)
    if (atNs >= fromNs && atNs <= toNs && response !== null) whole.add(response);
  return percentilesOf(whole);
}

/** @param beyond values that must lie past a percentile; the usual number when left out */
function percentilesOf(histogram: LatencyHistogram | null, beyond?: number): Percentiles {
  const us = (quantile: number): number | null => {
    const value = histogram?.quantile(quantile, beyond) ?? null;
    return value === null ? null : value / 1e3;
  };
  return { p50: us(0.5), p99: us(0.99) };
}

function seriesOf({ windows, windowNs, notes, samples, leaders }: BillFacts, fromNs: number): RolloutPoint[] {
  const tries = new Map<number, number>();
  const startNs = windows[0]?.atNs ?? 0;
  for (const { what, atNs } of notes) {
    const index = Math.floor((atNs - startNs) / windowNs);
    if (what === "tried") tries.set(index, (tries.get(index) ?? 0) + 1);
  }
  const isOld = oldOnes(samples, leaders, fromNs);
  return windows.map(({ atNs, open, response }, index) => {
    const sample = samples.findLast((one) => one.atNs <= atNs + windowNs) ?? null;
    return {
      atMs: (atNs - fromNs) / 1e6,
      open,
      reconnects: tries.get(index) ?? 0,
      // One window is no estimate of anything: what it held is shown as it was.
      ...percentilesOf(response, 1),
      processes: sample === null ? null : sample.pids.length,
      oldProcesses: sample === null ? null : sample.pids.filter(isOld).length,
      rssBytes: sample?.rssBytes ?? null,
    };
  });
}

/** Whether a process was there before the first event, and is not one that stays through it. */
function oldOnes(
  samples: readonly ProxySample[],
  leaders: readonly number[],
  fromNs: number,
): (pid: number) => boolean {
  const before = samples.findLast(({ atNs }) => atNs <= fromNs)?.pids ?? [];
  const old = new Set(before.filter((pid) => !leaders.includes(pid)));
  return (pid) => old.has(pid);
}

function proxyOf({ samples, leaders }: BillFacts, fromNs: number): RolloutBill["proxy"] {
  const before = samples.findLast(({ atNs }) => atNs <= fromNs);
  const later = samples.filter(({ atNs }) => atNs > fromNs);
  const last = later.at(-1);
  const isOld = oldOnes(samples, leaders, fromNs);
  return {
    processesBefore: before?.pids.length ?? null,
    processesMost: greatest(later.map(({ pids }) => pids.length)),
    processesAfter: last?.pids.length ?? null,
    oldProcessesLeft: last === undefined ? null : last.pids.filter(isOld).length,
    rssBytesBefore: before?.rssBytes ?? null,
    rssBytesMost: greatest(later.flatMap(({ rssBytes }) => rssBytes ?? [])),
    rssBytesAfter: last?.rssBytes ?? null,
  };
}

function greatest(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((most, value) => Math.max(most, value));
}

function least(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((most, value) => Math.min(most, value));
}
