/**
 * What a proxy used in its own slots, for its messages, and what in those of others, in which nothing was asked of it. Pure.
 */
export interface SlotCost {
  /** In its own slots: processor time, and for how many messages in how long a time under load. */
  readonly cpuNs: number;
  readonly messages: number;
  readonly lengthNs: number;
  /** Of a processor, in the slots of others. */
  readonly idleCpuShare: number;
}

interface SlotReadings {
  /** Processor time by slot, everybody's slots in order; null for a slot that was not told. */
  readonly usedNs: readonly (number | null)[];
  readonly slotNs: number;
  /** Under load, in all of the arm's own slots together. */
  readonly loadedNs: number;
  /** Whether the slot is the arm's own. */
  readonly owns: (slot: number) => boolean;
  /** Of its own slots, in order. */
  readonly messages: readonly number[];
  /** Processor time of all processes from before the first slot to after the last; null where that was not told. */
  readonly totalNs: number | null;
}

/** Of the arm's slots, and of those of others: the machine was too busy for more to be missed. */
const leastTold = 0.5;
/** Less of what all processes used, and some came or went meanwhile. */
const leastOfTotal = 0.95;

/** @returns null where too few slots of either kind were told, or processes were missed */
export function slotCostOf({
  usedNs,
  slotNs,
  loadedNs,
  owns,
  messages,
  totalNs,
}: SlotReadings): SlotCost | null {
  const slots = usedNs.map((ns, slot) => ({ ns, isOwn: owns(slot) }));
  const own = slots
    .filter(({ isOwn }) => isOwn)
    .flatMap(({ ns }, index) => (ns === null ? [] : [{ ns, messages: messages[index] ?? 0 }]));
  const others = slots.flatMap(({ ns, isOwn }) => (ns === null || isOwn ? [] : [ns]));
  const owned = messages.length;
  const waited = slots.length - owned;
  if (
    own.length < leastTold * owned ||
    others.length < leastTold * waited ||
    own.length * others.length === 0
  )
    return null;
  const cpuNs = sumOf(own.map(({ ns }) => ns));
  const idleNs = sumOf(others);
  const wholeNs = (cpuNs * owned) / own.length + (idleNs * waited) / others.length;
  if (totalNs !== null && wholeNs < leastOfTotal * totalNs) return null;
  return {
    cpuNs,
    messages: sumOf(own.map(({ messages }) => messages)),
    lengthNs: (loadedNs * own.length) / owned,
    idleCpuShare: idleNs / (others.length * slotNs),
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
