/**
 * What a proxy uses of the processors slot by slot: its processes' clocks, read in the silence at the end of each slot. Two
 * system calls a silence for an nginx of one worker, so that there is nothing for the generator to feel.
 */
import { monotonicClock } from "../../base/clock.js";
import { isLinuxLayerAvailable } from "../../linux/linux-layer.js";
import { processCpuTimeNs } from "../../linux/system-clock.js";
import type { StartOrder } from "../../load/messages.js";
import type { ArmSlots, Silence } from "./arm-slots.js";

/** Of a silence: by then replies to the last messages have come, and a timer that is late still finds it. */
const readAt = 1 / 3;

export interface SlotWatch {
  /** Processor time by slot, in nanoseconds, of everybody's slots in order; null for a slot whose edge was missed. */
  usedNs(): readonly (number | null)[];
  stop(): void;
}

/**
 * @param pids the proxy's processes
 * @returns null where nothing can be read
 */
export function watchSlots(
  { measureNs }: Pick<StartOrder, "measureNs">,
  { silences }: Pick<ArmSlots, "silences">,
  pids: readonly number[],
): SlotWatch | null {
  if (pids.length === 0 || !isLinuxLayerAvailable().available) return null;
  const readings: (number | null)[] = [];
  let timer: NodeJS.Timeout | undefined;
  const next = (): void => {
    const silence = silences[readings.length];
    if (silence === undefined) return;
    const { fromNs, toNs } = silence;
    const dueNs = measureNs + fromNs + (toNs - fromNs) * readAt;
    timer = setTimeout(
      () => {
        readings.push(readWithin(pids, { fromNs: measureNs + fromNs, toNs: measureNs + toNs }));
        next();
      },
      Math.max(0, (dueNs - monotonicClock.now()) / 1e6),
    );
  };
  next();
  return {
    usedNs: () => usedBetween(readings, silences.length),
    stop: () => clearTimeout(timer),
  };
}

/** @returns null when the moment was missed, or a process is gone */
function readWithin(pids: readonly number[], { fromNs, toNs }: Silence): number | null {
  if (monotonicClock.now() < fromNs) return null;
  let sumNs = 0;
  for (const pid of pids) {
    const ns = processCpuTimeNs(pid);
    if (ns === null) return null;
    sumNs += ns;
  }
  return monotonicClock.now() <= toNs ? sumNs : null;
}

/** @param readings at the edges so far @param edges one more than slots */
export function usedBetween(readings: readonly (number | null)[], edges: number): readonly (number | null)[] {
  return Array.from({ length: edges - 1 }, (_, slot) => {
    const [before, after] = [readings[slot] ?? null, readings[slot + 1] ?? null];
    return before === null || after === null ? null : after - before;
  });
}
