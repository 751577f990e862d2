/**
 * The generator threads' windows, merged: a window is whole when every thread has told of it. What threads tell is of
 * all time up to then, and what is handed on is of the window.
 */
import { LatencyHistogram } from "../../base/latency-histogram.js";
import { type FailureKind, FailureTally, type ObservedFailure } from "../../load/failure.js";
import {
  type RecordedSeries,
  recordedSeries,
  type UpkeepCounts,
  type WindowMessage,
} from "../../load/messages.js";
import type { UnaskedCounts } from "../../load/unasked/unasked-order.js";
import { sumUnasked, sumUpkeep } from "../merge-reports.js";
import type { SoakWindow } from "./soak-window.js";

export type LoadWindow = Pick<
  SoakWindow,
  "index" | "open" | "inFlight" | "sent" | "received" | "upkeep" | "failures" | "histograms"
> & {
  /** What came in it of what was due in the soak; null where nothing comes unasked. */
  readonly unasked: UnaskedCounts | null;
  /** Those before it that a thread's report is lost of: its counts are theirs as well. */
  readonly torn: readonly number[];
};

interface Totals {
  readonly sent: number;
  readonly received: number;
  readonly upkeep: UpkeepCounts;
  readonly unasked: UnaskedCounts | null;
  readonly failures: readonly ObservedFailure[];
}

const nothing: Totals = {
  sent: 0,
  received: 0,
  upkeep: { lost: 0, reopened: 0, churned: 0, failedTries: 0 },
  unasked: null,
  failures: [],
};

export class WindowGatherer {
  readonly #waiting = new Map<number, WindowMessage[]>();
  #totals = nothing;
  /** The one that was told of last; before all of them comes that of the warm-up, -1. */
  #last = -2;

  /** Of all time, as of the last whole window. */
  get failures(): readonly ObservedFailure[] {
    return this.#totals.failures;
  }

  /** @returns the window when this was the last thread to tell of it, else null */
  add(message: WindowMessage, threads: number): LoadWindow | null {
    const told = [...(this.#waiting.get(message.window) ?? []), message];
    this.#waiting.set(message.window, told);
    if (told.length < threads) return null;
    // A thread tells of one after the other: what is not whole by now will never be.
    const torn = this.missingTo(message.window);
    for (const index of [...torn, message.window]) this.#waiting.delete(index);
    this.#last = message.window;
    const before = this.#totals;
    this.#totals = totalsOf(told);
    return {
      index: message.window,
      ...sumsOf(told),
      ...between(before, this.#totals),
      histograms: merged(told),
      torn,
    };
  }

  /** Windows before that of an index that have not been told of. */
  missingTo(end: number): number[] {
    return Array.from({ length: Math.max(0, end - this.#last - 1) }, (_, at) => this.#last + 1 + at);
  }
}

function sumsOf(told: readonly WindowMessage[]): Pick<LoadWindow, "open" | "inFlight"> {
  return {
    open: told.reduce((sum, { open }) => sum + open, 0),
    inFlight: told.reduce((sum, { inFlight }) => sum + inFlight, 0),
  };
}

function totalsOf(told: readonly WindowMessage[]): Totals {
  const sum = (pick: (message: WindowMessage) => number): number =>
    told.reduce((total, message) => total + pick(message), 0);
  const failures = new FailureTally();
  for (const message of told) failures.addAll(message.failures);
  return {
    sent: sum(({ counts }) => counts.totalSent),
    received: sum(({ counts }) => counts.totalReceived),
    upkeep: sumUpkeep(told.map(({ upkeep }) => upkeep)) ?? nothing.upkeep,
    unasked: sumUnasked(told.flatMap(({ unasked }) => unasked ?? [])),
    failures: failures.list(),
  };
}

function between(
  before: Totals,
  after: Totals,
): Pick<LoadWindow, "sent" | "received" | "upkeep" | "unasked" | "failures"> {
  const grown = (field: keyof UpkeepCounts): number => after.upkeep[field] - before.upkeep[field];
  return {
    sent: after.sent - before.sent,
    received: after.received - before.received,
    upkeep: {
      lost: grown("lost"),
      reopened: grown("reopened"),
      churned: grown("churned"),
      failedTries: grown("failedTries"),
    },
    unasked: after.unasked === null ? null : unaskedBetween(before.unasked, after.unasked),
    failures: newFailures(before.failures, after.failures),
  };
}

function unaskedBetween(before: UnaskedCounts | null, after: UnaskedCounts): UnaskedCounts {
  const grown = (field: keyof UnaskedCounts): number => after[field] - (before?.[field] ?? 0);
  return {
    pushesDelivered: grown("pushesDelivered"),
    castsDue: grown("castsDue"),
    castsSent: grown("castsSent"),
    deliveriesExpected: grown("deliveriesExpected"),
    deliveriesCame: grown("deliveriesCame"),
  };
}

function newFailures(
  before: readonly ObservedFailure[],
  after: readonly ObservedFailure[],
): { kind: FailureKind; count: number }[] {
  const counts = new Map<FailureKind, number>();
  const add = (failures: readonly ObservedFailure[], sign: number): void => {
    for (const { kind, count } of failures) counts.set(kind, (counts.get(kind) ?? 0) + sign * count);
  };
  add(after, 1);
  add(before, -1);
  return [...counts].filter(([, count]) => count > 0).map(([kind, count]) => ({ kind, count }));
}

function merged(told: readonly WindowMessage[]): ReadonlyMap<RecordedSeries, LatencyHistogram> {
  const whole = new Map<RecordedSeries, LatencyHistogram>();
  for (const series of recordedSeries) {
    for (const { histograms } of told) {
      const encoded = histograms[series];
      if (encoded === undefined) continue;
      const histogram = whole.get(series) ?? new LatencyHistogram();
      histogram.add(LatencyHistogram.decode(encoded));
      whole.set(series, histogram);
    }
  }
  return whole;
}
