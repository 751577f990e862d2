/**
 * Looks at the proxy's processes and their memory while an event goes over them.
 */
import { monotonicClock } from "../../base/clock.js";
import type { RunningProxy } from "../../proxy/proxy.js";
import type { ProxySample } from "./bill.js";

const everyMs = 100;

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
export function watchProcesses(current: () => RunningProxy): ProcessWatch {
  const samples: ProxySample[] = [];
  const leaders = new Set<number>();
  const look = (): void => {
    const proxy = current();
    const { processes, rssBytes } = proxy.usage();
    if (proxy.mainPid !== null) leaders.add(proxy.mainPid);
    if (processes.length === 0) return;
    samples.push({ atNs: monotonicClock.now(), pids: processes.map(({ pid }) => pid), rssBytes });
  };
  look();
  const timer = setInterval(look, everyMs);
  return {
    samples,
    look,
    leaders: () => [...leaders],
    hasOld(atNs) {
      const before = samples.findLast((sample) => sample.atNs <= atNs)?.pids ?? [];
      const now = samples.at(-1)?.pids ?? [];
      return now.some((pid) => before.includes(pid) && !leaders.has(pid));
    },
    stop: () => clearInterval(timer),
  };
}
