/**
 * Which processors each part of a run gets: the proxy its own, generator and backend the others, so that they do not
 * take each other's time. What was done stands in the run document.
 */

import type { ProcessGuard } from "../base/owned-process.js";
import { cpuAffinityOf, setCpuAffinity } from "../linux/cpu-affinity.js";
import { SystemCallError } from "../linux/errno.js";
import { isLinuxLayerAvailable } from "../linux/linux-layer.js";
import { atRealTimePriority, mayUseRealTime, type Priority, setPriority } from "../linux/scheduling.js";
import { taskIds } from "../proxy/proc-files.js";
import type { CpuChoice } from "../scenario/cpu-list.js";
import type { PreparedArm } from "./prepare-arms.js";

/** Processors by number; null where a part may run anywhere. */
export interface Placement {
  readonly generator: readonly number[] | null;
  readonly backend: readonly number[] | null;
  readonly proxy: readonly number[] | null;
}

export const anywhere: Placement = { generator: null, backend: null, proxy: null };

/** The processors that this process may use; null where that cannot be told or chosen. */
export function usableCpus(): readonly number[] | null {
  return isLinuxLayerAvailable().available ? cpuAffinityOf(0) : null;
}

/**
 * One placement for all arms of a run, or they could not be compared.
 * @param cpus that may be used, ascending; null where that is not known
 * @param workers of the proxy with the most: as many processors it could keep busy; 0 when there is no proxy
 * @param choice what the scenario asks for
 */
export function planPlacement(cpus: readonly number[] | null, workers: number, choice: CpuChoice): Placement {
  if (choice === "none" || cpus === null) return anywhere;
  if (choice !== "auto") {
    const { proxy = null, generator = null, backend = null } = choice;
    return { proxy, generator, backend };
  }
  if (cpus.length < 2) return anywhere;
  const others = Math.max(1, cpus.length - workers);
  const rest = cpus.slice(0, others);
  const half = Math.ceil(rest.length / 2);
  return {
    // A proxy with as many workers as there are processors is meant to have them all.
    proxy: workers === 0 ? null : workers < cpus.length ? cpus.slice(others) : cpus,
    generator: rest.length < 2 ? rest : rest.slice(0, half),
    backend: rest.length < 2 ? rest : rest.slice(half),
  };
}

/** Whether a run gives its proxies processors, and what a config of theirs says of it has no say. */
export function placesProxies(cpus: readonly number[] | null, choice: CpuChoice): boolean {
  return planPlacement(cpus, 1, choice).proxy !== null;
}

/** How processes are to start. */
export interface StartTerms {
  /** Null for anywhere. */
  readonly cpus: readonly number[] | null;
  readonly isRealTime: boolean;
}

/**
 * A guard whose children start on these terms: they inherit them from the thread that starts them.
 * @param terms asked at each start
 */
export function latePlacedGuard(guard: ProcessGuard, terms: () => StartTerms): ProcessGuard {
  return {
    spawn(command, args, options) {
      const { cpus, isRealTime } = terms();
      const start = (): ReturnType<ProcessGuard["spawn"]> => guard.spawn(command, args, options);
      return onProcessors(cpus, isRealTime ? () => atRealTimePriority(start) : start);
    },
    release: () => guard.release(),
  };
}

function onProcessors<Result>(cpus: readonly number[] | null, work: () => Result): Result {
  if (cpus === null) return work();
  const own = cpuAffinityOf(0);
  setCpuAffinity(0, cpus);
  try {
    return work();
  } finally {
    setCpuAffinity(0, own);
  }
}

/**
 * Whether parts of the run can be at real-time priority: only where the proxy shares no processor with the others, for one
 * of them would wait.
 */
export function mayRunRealTime({ proxy, generator, backend }: Placement): boolean {
  if (proxy === null || generator === null || backend === null) return false;
  return !proxy.some((cpu) => generator.includes(cpu) || backend.includes(cpu)) && mayUseRealTime();
}

/** Moves a process that runs already, with all the threads that it has; null for anywhere. */
export function pinProcess(pid: number, cpus: readonly number[] | null): void {
  if (cpus !== null) ofEveryThread(pid, (tid) => setCpuAffinity(tid, cpus));
}

/** Of a process that runs already, with all the threads that it has. */
export function prioritizeProcess(pid: number, priority: Priority): void {
  ofEveryThread(pid, (tid) => setPriority(tid, priority));
}

function ofEveryThread(pid: number, work: (tid: number) => void): void {
  // Its main thread first, so that threads which are started meanwhile are right.
  for (const tid of [pid, ...taskIds(pid).filter((one) => one !== pid)]) {
    try {
      work(tid);
    } catch (thrown) {
      // One that has ended is told of by whoever waits for it.
      if (!(thrown instanceof SystemCallError) || thrown.code !== "ESRCH") throw thrown;
    }
  }
}

/** How many processors an arm's proxy could keep busy: its worker processes, where its config tells; else one. */
export function workersOf({ hasProxy, proxy }: Pick<PreparedArm, "hasProxy" | "proxy">): number {
  return hasProxy ? (proxy.facts?.workers ?? 1) : 0;
}
