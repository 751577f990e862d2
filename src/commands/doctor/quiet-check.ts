/**
 * Whether others are at work on this machine right now: a second of /proc/stat.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicClock } from "../../base/clock.js";
import type { Check } from "../../results/doctor-schema.js";
import { type MachineLoad, machineLoadOf, readMachineTime } from "../../trial/machine-load.js";

const watchMs = 1000;
/** Of one processor: above these a p99 tells more of the neighbours than of a proxy. */
const stealAbove = 0.02;
const otherAbove = 0.1;

export async function checkQuiet(): Promise<Check> {
  const first = readMachineTime();
  const own = process.cpuUsage();
  const fromNs = monotonicClock.now();
  await sleep(watchMs);
  const { user, system } = process.cpuUsage(own);
  const window = { lengthNs: monotonicClock.now() - fromNs, ownNs: (user + system) * 1e3 };
  return quietCheck(machineLoadOf(first, readMachineTime(), window));
}

/** @param load null where the system does not tell */
export function quietCheck(load: MachineLoad | null): Check {
  const check = "neighbours";
  if (load === null)
    return { check, status: "warning", says: "whether others are at work here cannot be told", cure: null };
  const { stealShare, otherShare } = load;
  const says = `other programs take ${count(otherShare)} processors, the hypervisor ${count(stealShare)}`;
  if (stealShare <= stealAbove && otherShare <= otherAbove) return { check, status: "ok", says, cure: null };
  const cure =
    otherShare > otherAbove
      ? "end what else runs here while measuring"
      : "a machine of its own, not a shared one";
  return { check, status: "warning", says, cure };
}

function count(share: number): string {
  return share.toFixed(2);
}
