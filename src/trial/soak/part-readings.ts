/**
 * What proxy, backend, generator and machine had used at the end of a window. Nothing here holds the proxy's memory
 * locks, for it is under load.
 */
import type { Backend } from "../../backend/backend-process.js";
import type { PushCounts } from "../../backend/push-order.js";
import { monotonicClock } from "../../base/clock.js";
import type { ProxyUsage } from "../../proxy/proxy.js";
import type { SeenProxy } from "../../proxy/seen-proxy.js";
import { type MachineTime, machineLoadOf, readMachineTime } from "../machine-load.js";
import type { SoakWindow } from "./soak-window.js";

export interface PartReading {
  readonly atMs: number;
  readonly atNs: number;
  readonly machine: MachineTime | null;
  /** Of this process, the generator's threads included. */
  readonly ownNs: number;
  readonly proxy: ProxyUsage;
  readonly descriptors: number | null;
  readonly backendNs: number | null;
  /** Of the soak up to then; null where no backend tells. */
  readonly pushes: PushCounts | null;
}

/** The proxy is read at once; the backend answers when it can. */
export async function readParts(proxy: SeenProxy, backend: Backend | null): Promise<PartReading> {
  const { user, system } = process.cpuUsage();
  const reading = {
    atMs: Date.now(),
    atNs: monotonicClock.now(),
    machine: readMachineTime(),
    ownNs: (user + system) * 1000,
  };
  const [usage, descriptors] = await Promise.all([proxy.usage(), proxy.descriptors()]);
  // One that has ended is told of by whoever waits for the trial.
  const report = await backend?.report().catch(() => null);
  return {
    ...reading,
    proxy: usage,
    descriptors,
    backendNs: report?.cpuNs ?? null,
    pushes: report?.counts?.pushes ?? null,
  };
}

export function usedBetween(
  first: PartReading,
  last: PartReading,
): Pick<SoakWindow, "rssBytes" | "descriptors" | "proxyCpuNs" | "otherShare"> {
  const proxyCpuNs =
    first.proxy.cpuNs === null || last.proxy.cpuNs === null ? null : last.proxy.cpuNs - first.proxy.cpuNs;
  const backendNs = (last.backendNs ?? 0) - (first.backendNs ?? 0);
  const load = machineLoadOf(first.machine, last.machine, {
    lengthNs: last.atNs - first.atNs,
    ownNs: last.ownNs - first.ownNs + (proxyCpuNs ?? 0) + backendNs,
  });
  return {
    rssBytes: last.proxy.rssBytes,
    descriptors: last.descriptors,
    proxyCpuNs,
    otherShare: load?.otherShare ?? null,
  };
}

/** What the backend pushed from one reading, or (null) from the soak's beginning, to another; null where it told nothing. */
export function pushedBetween(
  first: Pick<PartReading, "pushes"> | null,
  last: Pick<PartReading, "pushes">,
): PushCounts | null {
  if (last.pushes === null) return null;
  const { due = 0, sent = 0 } = first?.pushes ?? {};
  return { due: last.pushes.due - due, sent: last.pushes.sent - sent };
}
