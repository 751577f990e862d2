/** Ends processes of a proxy as a crash does, without a word to it. */
import type { ProxyMeter } from "./proxy.js";

/** All of them, or one of those that the main one leads. */
export type KilledProcesses = "all" | "worker";

/** The youngest of the processes that the main one leads; null where there are none. */
export function workerOf({ mainPid, pids }: Pick<ProxyProcesses, "mainPid" | "pids">): number | null {
  const workers = pids.filter((pid) => pid !== mainPid);
  return mainPid === null ? null : (workers.at(-1) ?? null);
}

/** A proxy's processes at one instant. */
export interface ProxyProcesses {
  /** As `ProxyMeter` has it. */
  readonly mainPid: number | null;
  readonly pids: readonly number[];
  readonly rssBytes: number | null;
}

export function processesHere(proxy: Pick<ProxyMeter, "mainPid" | "pids" | "residentBytes">): ProxyProcesses {
  return { mainPid: proxy.mainPid, pids: proxy.pids(), rssBytes: proxy.residentBytes() };
}

/** By SIGKILL. */
export function killProcesses(proxy: Pick<ProxyMeter, "mainPid" | "pids">, which: KilledProcesses): void {
  const pids = proxy.pids();
  const worker = workerOf({ mainPid: proxy.mainPid, pids });
  const meant = which === "all" ? pids : worker === null ? [] : [worker];
  for (const pid of meant) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}
