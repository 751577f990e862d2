/**
 * Looks at the proxy's processes and their memory while an event goes over them.
 */
import { monotonicClock } from "../../base/clock.js";
import { atOnce, type SeenProxy } from "../../proxy/seen-proxy.js";
import type { ProxySample } from "./bill.js";

const everyMs = 100;
/** Of its time a look may take: a proxy with a thread for every client has ten thousand files to read. */
const shareMost = 0.05;

interface ProcessWatch {
  readonly samples: readonly ProxySample[];
  /** Now, besides the looks by the clock. */
  look(): void;
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
  const look = (): void => {
    const proxy = current();
    const pids = proxy.pids();
    if (proxy.mainPid !== null) leaders.add(proxy.mainPid);
    // None is left of a proxy that ended; one that is not seen never had any.
    if (pids.length > 0 || samples.length > 0)
      samples.push({ atNs: monotonicClock.now(), pids, rssBytes: atOnce(proxy.residentBytes()) });
  };
  let timer: NodeJS.Timeout;
  const lookAgain = (): void => {
    const fromMs = performance.now();
    look();
    timer = setTimeout(lookAgain, Math.max(everyMs, (performance.now() - fromMs) / shareMost));
  };
  lookAgain();
  return {
    samples,
    look,
    leaders: () => [...leaders],
    hasOld(atNs) {
      const before = samples.findLast((sample) => sample.atNs <= atNs)?.pids ?? [];
      const now = samples.at(-1)?.pids ?? [];
      return now.some((pid) => before.includes(pid) && !leaders.has(pid));
    },
    stop: () => clearTimeout(timer),
  };
}
