/**
 * One process's files under /proc, read and parsed. A process may end between two readings, and a kernel may lack a
 * file: what is not told is null, or an empty list.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { expandCpuList } from "../scenario/cpu-list.js";

export interface ProcessStat {
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Processor time in ticks of 10 ms: USER_HZ, 100 on every architecture that Node runs on. */
  readonly userTicks: number;
  readonly systemTicks: number;
  /** Since boot; tells a process from a later one of the same number. */
  readonly startTicks: number;
  /** The processor that it ran on last. */
  readonly cpu: number;
}

/** From /proc/PID/stat, see proc_pid_stat(5). */
export function readStat(pid: number): ProcessStat | null {
  const stat = readProc(`${pid}/stat`);
  return stat === null ? null : parseStat(stat);
}

/** The second field, the name, may hold spaces and brackets: the fields are counted from its end. */
export function parseStat(text: string): ProcessStat {
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const field = (place: number): number => fields[place - 3] ?? 0;
  return {
    parent: field(4),
    group: field(5),
    session: field(6),
    userTicks: field(14),
    systemTicks: field(15),
    startTicks: field(22),
    cpu: field(39),
  };
}

/** A number of a `Name:   123 kB` line, as in status and smaps_rollup; null when there is none. */
export function numberAfter(text: string | null, name: string): number | null {
  const match = text?.match(new RegExp(`^${name}:\\s+(\\d+)`, "m"));
  return match ? Number(match[1]) : null;
}

export function taskIds(pid: number): readonly number[] {
  return listProc(`${pid}/task`).map(Number);
}

/** Where a thread may run, and ran last. */
export interface TaskPlace {
  readonly tid: number;
  /** Ascending. */
  readonly allowed: readonly number[];
  readonly cpu: number | null;
  /** Processor time that it has had; null where the kernel does not count it (CONFIG_SCHED_INFO). */
  readonly ranNs: number | null;
}

/** Of every thread of a process that lives; none off Linux. */
export function taskPlaces(pid: number): TaskPlace[] {
  return taskIds(pid).flatMap((tid) => {
    const task = `${pid}/task/${tid}`;
    const list = readProc(`${task}/status`)?.match(/^Cpus_allowed_list:\s*(\S+)$/m)?.[1];
    if (list === undefined) return [];
    const stat = readProc(`${task}/stat`);
    const ran = readProc(`${task}/schedstat`)?.split(" ")[0];
    return [
      {
        tid,
        allowed: expandCpuList(list),
        cpu: stat === null ? null : parseStat(stat).cpu,
        ranNs: ran === undefined ? null : Number(ran),
      },
    ];
  });
}

export function processIds(): readonly number[] {
  return listProc("")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The command line in words; nginx and others write there what a process is for. Null for a zombie. */
export function readTitle(pid: number): string | null {
  const words = readProc(`${pid}/cmdline`)?.replaceAll("\0", " ").trim() ?? "";
  return words === "" ? null : words;
}

/** Since Linux 6.2 the folder's size is their number, found without listing them. */
export function countDescriptors(pid: number): number | null {
  try {
    const { size } = statSync(`/proc/${pid}/fd`);
    return size > 0 ? size : readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    // The process has ended, or belongs to somebody else.
    return null;
  }
}

export function readProc(path: string): string | null {
  try {
    return readFileSync(`/proc/${path}`, "latin1");
  } catch {
    // The process has ended between two readings, or this kernel has no such file.
    return null;
  }
}

function listProc(path: string): string[] {
  try {
    return readdirSync(`/proc/${path}`);
  } catch {
    // The process has ended between two readings.
    return [];
  }
}
