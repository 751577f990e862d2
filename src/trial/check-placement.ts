/**
 * Whether every part of a trial stayed where it was put: what a config, an administrator or the system itself may change
 * behind the run's back, and what makes all latencies those of another machine. By /proc, thread by thread.
 */
import { readTitle, type TaskPlace, taskPlaces } from "../proxy/proc-files.js";
import type { Placement } from "./placement.js";
import type { Part } from "./trial-record.js";

/** The processes of each part, as far as they are the run's own. */
type PartProcesses = Readonly<Record<Part, readonly number[]>>;

/** Where each thread was at one moment, by its number. */
export interface PlaceLook {
  readonly part: Part;
  readonly pid: number;
  readonly title: string | null;
  readonly tasks: readonly TaskPlace[];
}

export interface Misplaced {
  readonly part: Part;
  /** `nginx: worker process (1234) may run on processors 0-1, and was given 1`. */
  readonly words: string;
}

const parts: readonly Part[] = ["proxy", "generator", "backend"];

/** Reads where the parts are that have been given processors; some of their processes may have ended since. */
export function lookAtPlaces(processes: PartProcesses, placement: Placement): PlaceLook[] {
  return parts
    .filter((part) => placement[part] !== null)
    .flatMap((part) =>
      processes[part].map((pid) => ({ part, pid, title: readTitle(pid), tasks: taskPlaces(pid) })),
    );
}

/** One entry a process that was, or may have been, elsewhere between the looks. */
export function misplacedSince(
  before: readonly PlaceLook[],
  now: readonly PlaceLook[],
  placement: Placement,
): Misplaced[] {
  const earlier = new Map(before.flatMap(({ tasks }) => tasks.map((task) => [task.tid, task])));
  return now.flatMap(({ part, pid, title, tasks }) => {
    const given = placement[part];
    if (given === null) return [];
    const found = tasks.map((task) => troubleOf(task, earlier.get(task.tid), given)).find(Boolean);
    return found === undefined || found === null
      ? []
      : [{ part, words: `${title ?? part} (${pid}) ${found}, and was given ${listOf(given)}` }];
  });
}

function troubleOf(now: TaskPlace, before: TaskPlace | undefined, given: readonly number[]): string | null {
  const isGiven = (cpu: number): boolean => given.includes(cpu);
  if (!now.allowed.every(isGiven)) return `may run on ${listOf(now.allowed)}`;
  if (before !== undefined && !before.allowed.every(isGiven)) return `could run on ${listOf(before.allowed)}`;
  // Where one that has slept all along ran last is from before it was moved.
  const hasRun = before !== undefined && now.ranNs !== null && now.ranNs !== before.ranNs;
  return hasRun && now.cpu !== null && !isGiven(now.cpu) ? `ran on processor ${now.cpu}` : null;
}

/** `processors 0-1, 3`. */
function listOf(cpus: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const cpu of cpus) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === cpu - 1) last[1] = cpu;
    else ranges.push([cpu, cpu]);
  }
  const words = ranges.map(([low, high]) => (low === high ? String(low) : `${low}-${high}`)).join(", ");
  return `${cpus.length === 1 ? "processor" : "processors"} ${words}`;
}
