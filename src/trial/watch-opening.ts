/**
 * How fast a trial's connections open, and what a handshake costs the proxy: looked at every few milliseconds, as the
 * generator counts them. An ordinary trial looks at the proxy's memory meanwhile, which takes it some milliseconds.
 */
import { monotonicClock } from "../base/clock.js";
import type { SeenProxy } from "../proxy/seen-proxy.js";

/** At one moment while connections open. */
export interface OpeningLook {
  readonly atNs: number;
  /** Opened and upgraded by then. */
  readonly opened: number;
}

/** Null for what was not measured. */
export interface TrialOpening {
  /** Opened and upgraded a second; null when not all were, or too fast to tell. */
  readonly perS: number | null;
  /** Of the proxy's processes, from before the first connection to after the last upgrade. */
  readonly cpuUsPerHandshake: number | null;
}

export const lookEveryMs = 2;

interface OpeningWatch {
  /**
   * When all are open.
   * @param requested connections
   * @param count those that were opened, when all are counted
   */
  opened(requested: number, count: () => Promise<number>): Promise<TrialOpening>;
  /** Ends the looking; for a trial that ended early. */
  stop(): void;
}

/**
 * @param countOpened connections that were opened and upgraded by now
 * @param leastNs what takes less time tells no rate
 */
export function watchOpening(
  proxy: Pick<SeenProxy, "usage">,
  countOpened: () => number,
  leastNs: number,
): OpeningWatch {
  const looks: OpeningLook[] = [];
  const look = (): void => {
    looks.push({ atNs: monotonicClock.now(), opened: countOpened() });
  };
  // Asked before anything opens, be the answer there or not.
  const asked = Promise.resolve(proxy.usage());
  asked.catch(() => undefined);
  const timer = setInterval(look, lookEveryMs);
  return {
    async opened(requested, count) {
      clearInterval(timer);
      look();
      const { cpuNs: after } = await proxy.usage();
      const opened = await count();
      look();
      const { cpuNs: before } = await asked;
      return {
        perS: opened === requested ? openedPerS(looks, leastNs) : null,
        cpuUsPerHandshake:
          before === null || after === null || opened === 0 ? null : (after - before) / 1e3 / opened,
      };
    },
    stop: () => clearInterval(timer),
  };
}

/** From the first look with some open to the first with all. */
export function openedPerS(looks: readonly OpeningLook[], leastNs = 0): number | null {
  const first = looks.find(({ opened }) => opened > 0);
  const most = looks.at(-1)?.opened ?? 0;
  const last = looks.find(({ opened }) => opened === most);
  if (first === undefined || last === undefined || last.atNs <= first.atNs) return null;
  if (last.atNs - first.atNs < leastNs) return null;
  return ((last.opened - first.opened) * 1e9) / (last.atNs - first.atNs);
}
