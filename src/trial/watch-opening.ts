/** How fast a trial's connections open, as the generator's threads time them, and what a handshake costs the proxy. */
import type { LiveFigures } from "../load/live-figures.js";
import type { SeenProxy } from "../proxy/seen-proxy.js";

/** Null for what was not measured. */
export interface TrialOpening {
  /** Opened and upgraded a second; null when not all were. */
  readonly perS: number | null;
  /** Of the proxy's processes, from before the first connection to after the last upgrade. */
  readonly cpuUsPerHandshake: number | null;
}

interface OpeningWatch {
  /**
   * When all are open.
   * @param requested connections
   * @param count the figures when all are counted
   */
  opened(requested: number, count: () => Promise<LiveFigures>): Promise<TrialOpening>;
}

export function watchOpening(proxy: Pick<SeenProxy, "usage">): OpeningWatch {
  // Asked before anything opens, be the answer there or not.
  const asked = Promise.resolve(proxy.usage());
  asked.catch(() => undefined);
  return {
    async opened(requested, count) {
      const { cpuNs: after } = await proxy.usage();
      const { opened, openingPerS } = await count();
      const { cpuNs: before } = await asked;
      return {
        perS: opened === requested ? openingPerS : null,
        cpuUsPerHandshake:
          before === null || after === null || opened === 0 ? null : (after - before) / 1e3 / opened,
      };
    },
  };
}
