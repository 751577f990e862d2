/**
 * How much of its window a trial was under load, and what it did then: all of it as a rule, its own slots where it shared
 * the time with others.
 */
import { type Relayed, relayedOf } from "./count-unasked.js";
import { type SlotCost, slotCostOf } from "./epoch/slot-cost.js";
import type { Measured } from "./measured.js";
import { type TrialSlices, toTrialSlices } from "./trial-slices.js";
import { loadedNs } from "./window-times.js";

type Windowed = Pick<Measured, "settings" | "order">;

/** In nanoseconds. */
export function measuredNs({ settings, order }: Windowed): number {
  return settings.shared?.slots.loadedNs ?? order.endNs - order.measureNs;
}

/** Before the window, in nanoseconds. */
export function warmedUpNs({ settings, order }: Windowed): number {
  return settings.shared?.slots.warmupNs ?? order.measureNs - order.startNs;
}

/** A share of processor time in the whole window, of the time under load; null stays null. */
export function ofLoadedTime(share: number | null, measured: Windowed): number | null {
  return share === null ? null : share / loadedShare(measured);
}

/** The time between the readings less what the others of an epoch had of it, in nanoseconds. */
export function ownTimeNs(measured: Pick<Measured, "settings" | "order" | "readings">): number {
  const { first, last } = measured.readings;
  return (last.atNs - first.atNs) * loadedShare(measured);
}

/** As much a second as in the window, for as long as the load lasted between the readings; of slots the window's all. */
export function relayedBetween(
  measured: Pick<Measured, "settings" | "order" | "readings" | "result">,
): Relayed {
  const { settings, order, readings, result } = measured;
  const lastedNs = loadedNs(order, readings.first.atNs, readings.last.atNs);
  return relayedOf(result, settings.shared === undefined ? lastedNs / (order.endNs - order.measureNs) : 1);
}

/** Null for a window in one piece, or in which nothing was sent. */
export function slicesOf(measured: Measured): TrialSlices | null {
  const { settings, order, result, stolenNs } = measured;
  const { measureNs, endNs } = order;
  const messagesPerS = settings.ratePerS ?? (result.counts.windowSent * 1e9) / (endNs - measureNs);
  const owns = settings.shared?.slots.owns ?? (() => true);
  return result.slices === null
    ? null
    : toTrialSlices(result.slices, { measureNs, endNs, messagesPerS, stolenNs, owns });
}

/** Null where the time was the trial's own, or not every process could be followed slot by slot. */
export function ownCostOf(measured: Measured, slices: TrialSlices | null): SlotCost | null {
  const { settings, readings, slotUsedNs } = measured;
  const { first, last } = readings;
  if (settings.shared === undefined || slotUsedNs === null || slices === null) return null;
  const { owns } = settings.shared.slots;
  const [before, after] = [first.proxy.cpuNs, last.proxy.cpuNs];
  return slotCostOf({
    usedNs: slotUsedNs,
    slotNs: slices.lengthNs,
    loadedNs: measuredNs(measured),
    owns: (slot) => owns(slot * slices.lengthNs),
    messages: slices.messages,
    totalNs: before === null || after === null ? null : after - before,
  });
}

function loadedShare(measured: Windowed): number {
  return measuredNs(measured) / (measured.order.endNs - measured.order.measureNs);
}
