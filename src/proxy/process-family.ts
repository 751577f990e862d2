/**
 * All processes of one proxy: its main process, every descendant, and whoever else is of its process group or session,
 * which the process guard gave it to itself; of a container, whoever is of its cgroup. So old workers after a reload are in, and also processes whose parent has
 * ended (a binary upgrade, a double fork), which belong to init by then.
 */
import { processIds, readProc, readStat, taskIds } from "./proc-files.js";

export interface ProcessFamily {
  /** Those known and their children, found by a walk from parent to child; some may have ended since. */
  members(): readonly number[];
  /**
   * The same after a look at every process of the machine for members that the walk cannot reach (measured: 1 ms for
   * 80 processes). Once found, they stay known.
   */
  search(): readonly number[];
}

/** @param isKin whether a process that the walk may not reach is of it */
export function createProcessFamily(
  rootPid: number,
  isKin: (pid: number) => boolean = isLedBy(rootPid),
): ProcessFamily {
  /** Start times by process id: a number may be given to another process later. */
  const known = new Map<number, number>();
  const add = (pid: number): void => {
    const start = known.has(pid) ? undefined : readStat(pid)?.startTicks;
    if (start !== undefined) known.set(pid, start);
  };
  const members = (): readonly number[] => {
    const seen = new Set<number>();
    for (const pid of known.keys()) {
      if (!seen.has(pid)) for (const member of processTree(pid)) seen.add(member);
    }
    for (const pid of seen) add(pid);
    return [...seen];
  };
  add(rootPid);
  return {
    members,
    search() {
      for (const [pid, start] of known) if (readStat(pid)?.startTicks !== start) known.delete(pid);
      for (const pid of processIds()) if (isKin(pid)) add(pid);
      return members();
    },
  };
}

function isLedBy(rootPid: number): (pid: number) => boolean {
  return (pid) => {
    const stat = readStat(pid);
    return stat !== null && (stat.group === rootPid || stat.session === rootPid);
  };
}

/** Of one container, whose processes have a cgroup to themselves (cgroups(7), of either version). */
export function isOfCgroup(rootPid: number): (pid: number) => boolean {
  const own = readProc(`${rootPid}/cgroup`);
  return (pid) => own !== null && readProc(`${pid}/cgroup`) === own;
}

/** Whether anything is told of a living process of ours: not off Linux, and not where /proc is hidden. */
export function isShown(pid: number): boolean {
  return readStat(pid) !== null;
}

/** A process and all its living descendants, the process itself first. */
export function processTree(rootPid: number): readonly number[] {
  const found = [rootPid];
  for (let next = 0; next < found.length; next++) {
    const children = childrenOf(found[next] as number) ?? childrenByScan(found[next] as number);
    found.push(...children.filter((pid) => !found.includes(pid)));
  }
  return found;
}

/** By the kernel's own list; null where it keeps none (it needs CONFIG_PROC_CHILDREN). */
function childrenOf(pid: number): readonly number[] | null {
  const lists = taskIds(pid).map((task) => readProc(`${pid}/task/${task}/children`));
  if (lists.some((list) => list === null)) return null;
  return lists.flatMap((list) => (list ?? "").split(" ").filter(Boolean).map(Number));
}

function childrenByScan(parentPid: number): readonly number[] {
  return processIds().filter((pid) => readStat(pid)?.parent === parentPid);
}
