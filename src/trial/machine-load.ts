/**
 * What the whole machine did, from /proc/stat: processor time taken by the hypervisor, and by others than this run
 * (proc_stat(5); USER_HZ is 100 wherever Node runs).
 */
import { readFileSync } from "node:fs";

const nsPerTick = 1e7;

/** Processor time since boot, in nanoseconds, summed over all processors. */
export interface MachineTime {
  /** Spent on anything at all. */
  readonly busyNs: number;
  /** Wanted, and given to another virtual machine. */
  readonly stealNs: number;
}

/** @returns null where the system does not tell */
export function readMachineTime(): MachineTime | null {
  try {
    return parseMachineTime(readFileSync("/proc/stat", "latin1"));
  } catch {
    // Not Linux.
    return null;
  }
}

/** The first line: `cpu user nice system idle iowait irq softirq steal …`. */
export function parseMachineTime(text: string): MachineTime | null {
  const fields = /^cpu +(.*)$/m.exec(text)?.[1]?.split(" ").map(Number);
  if (fields === undefined || fields.length < 8) return null;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields;
  return { busyNs: (user + nice + system + irq + softirq) * nsPerTick, stealNs: steal * nsPerTick };
}

/** Of the window, as shares of one processor. */
export interface MachineLoad {
  readonly stealShare: number;
  /** Spent by others than generator, backend and proxy. */
  readonly otherShare: number;
}

export function machineLoadOf(
  first: MachineTime | null,
  last: MachineTime | null,
  window: { readonly lengthNs: number; readonly ownNs: number },
): MachineLoad | null {
  if (first === null || last === null || window.lengthNs <= 0) return null;
  return {
    stealShare: (last.stealNs - first.stealNs) / window.lengthNs,
    // Ticks are counted apart from the run's own nanoseconds: a little below zero is zero.
    otherShare: Math.max(0, last.busyNs - first.busyNs - window.ownNs) / window.lengthNs,
  };
}
