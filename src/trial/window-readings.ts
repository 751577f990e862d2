/**
 * What proxy, backend, generator and machine had used a little before and a little after the measured window.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Backend } from "../backend/backend-process.js";
import type { BackendReport } from "../backend/messages.js";
import { monotonicClock } from "../base/clock.js";
import { StandstillWatch } from "../base/standstill-watch.js";
import { isLinuxLayerAvailable } from "../linux/linux-layer.js";
import { RealtimeOffset } from "../linux/realtime-offset.js";
import type { StartOrder } from "../load/messages.js";
import type { ProxyUsage } from "../proxy/proxy.js";
import type { SeenProxy } from "../proxy/seen-proxy.js";
import { type MachineTime, readMachineTime } from "./machine-load.js";

/** What the parts and the machine had used at one of the two moments. */
export interface Reading {
  readonly atNs: number;
  readonly machine: MachineTime | null;
  /** Of this process, the generator's threads included. */
  readonly ownNs: number;
  readonly proxy: ProxyUsage;
  readonly backend: BackendReport | null;
}

export interface WindowReadings {
  readonly measuredAtMs: number;
  /** The longest that this process, the generator's threads included, stood still between the readings. */
  readonly standstillNs: number;
  /** By how much the time of day was set between them; 0 where that is not told. */
  readonly clockSetNs: number;
  readonly first: Reading;
  readonly last: Reading;
  /** At the window's start, and when each stage ends; empty without stages. */
  readonly stages: readonly StageReading[];
}

/** What the proxy had used at a moment; null where that is not told. */
export interface StageReading {
  readonly atNs: number;
  readonly cpuNs: number | null;
}

/** Processor time that the proxy used of this machine between the readings, and the backend where it is on it. */
export function spentBetween(
  { first, last }: Pick<WindowReadings, "first" | "last">,
  { isProxyHere, isBackendHere }: { readonly isProxyHere: boolean; readonly isBackendHere: boolean },
): number {
  const proxyNs = isProxyHere ? (last.proxy.cpuNs ?? 0) - (first.proxy.cpuNs ?? 0) : 0;
  if (!isBackendHere) return proxyNs;
  return proxyNs + (last.backend?.cpuNs ?? 0) - (first.backend?.cpuNs ?? 0);
}

/** Waits for both moments, and reads everybody's counters there. */
export async function readAroundWindow(
  order: StartOrder,
  proxy: Pick<SeenProxy, "usage">,
  backend: Backend | null,
  signal: AbortSignal,
  stageEndsS: readonly number[] = [],
): Promise<WindowReadings> {
  const until = (atNs: number): Promise<void> =>
    sleep(Math.max(0, (atNs - monotonicClock.now()) / 1e6), undefined, { signal });
  const read = async (atNs: number): Promise<Reading> => {
    await until(atNs);
    const usage = await proxy.usage();
    const readAtNs = monotonicClock.now();
    const { user, system } = process.cpuUsage();
    return {
      atNs: readAtNs,
      machine: readMachineTime(),
      ownNs: (user + system) * 1000,
      proxy: usage,
      backend: (await backend?.report()) ?? null,
    };
  };
  const first = await read(order.readingsNs.first);
  const standstill = new StandstillWatch();
  const clocks = isLinuxLayerAvailable().available ? new RealtimeOffset() : null;
  try {
    const measuredAtMs = Date.now() - (monotonicClock.now() - order.measureNs) / 1e6;
    const stages: StageReading[] = [{ atNs: first.atNs, cpuNs: first.proxy.cpuNs }];
    for (const endS of stageEndsS.slice(0, -1)) {
      const endNs = order.measureNs + endS * 1e9;
      if (endNs >= order.endNs) break;
      await until(endNs);
      const { cpuNs } = await proxy.usage();
      stages.push({ cpuNs, atNs: monotonicClock.now() });
    }
    const last = await read(order.readingsNs.last);
    stages.push({ atNs: last.atNs, cpuNs: last.proxy.cpuNs });
    return {
      measuredAtMs,
      first,
      last,
      stages,
      standstillNs: standstill.take(),
      clockSetNs: clocks?.measure() ?? 0,
    };
  } finally {
    standstill.stop();
  }
}
