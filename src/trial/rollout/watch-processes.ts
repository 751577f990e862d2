/**
 * Looks at the proxy's processes and their memory while an event goes over them.
 */
import { monotonicClock } from "../../base/clock.js";
import type { ProxyProcesses } from "../../proxy/kill-processes.js";
import { processesOf, type SeenProxy } from "../../proxy/seen-proxy.js";
import type { ProxySample } from "./bill.js";

const everyMs = 100;
/** Of its time a look may take: a proxy with a thread for every client has ten thousand files to read. */
const shareMost = 0.05;

interface ProcessWatch {
  readonly samples: readonly ProxySample[];
  /** Now, besides the looks by the clock. */
  look(): Promise<void>;
  /** The processes that led the others, one after the other. */
  leaders(): readonly number[];
  /** Whether one is left that was there at this instant and does not lead. */
  hasOld(atNs: number): boolean;
  stop(): void;
}

/** @param current the proxy that runs now */
export function watchProcesses(current: () => SeenProxy): ProcessWatch {
  const samples: ProxySample[] = [];
  const leaders = new Set<number>();
  const note = ({ mainPid, pids, rssBytes }: ProxyProcesses): void => {
    if (mainPid !== null) leaders.add(mainPid);
    // None is left of a proxy that ended; one that is not seen never had any.
    if (pids.length > 0 || samples.length > 0) samples.push({ atNs: monotonicClock.now(), pids, rssBytes });
  };
  const look = async (): Promise<void> => {
    const seen = processesOf(current());
    // What is at hand is noted before anything else happens.
    if (!(seen instanceof Promise)) return note(seen);
    // While another is started in its place, nobody can be asked.
    const told = await seen.catch(() => null);
    if (told !== null) note(told);
  };
  let timer: NodeJS.Timeout;
  let isOver = false;
  const lookAgain = async (): Promise<void> => {
    const fromMs = performance.now();
    const looking = look();
    // To wait for another host takes no time of anybody's.
    const tookMs = performance.now() - fromMs;
    await looking;
    if (!isOver) timer = setTimeout(() => void lookAgain(), Math.max(everyMs, tookMs / shareMost));
  };
  void lookAgain();
  return {
    samples,
    look,
    leaders: () => [...leaders],
    hasOld(atNs) {
      const before = samples.findLast((sample) => sample.atNs <= atNs)?.pids ?? [];
      const now = samples.at(-1)?.pids ?? [];
      return now.some((pid) => before.includes(pid) && !leaders.has(pid));
    },
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
