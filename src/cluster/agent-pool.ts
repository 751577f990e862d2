/**
 * The generators of all agents as one pool: a trial's threads are spread over those that are there.
 */
import type { GeneratorPool } from "../load/generator-pool.js";
import type { AgentLink, OnGap } from "./agent-link.js";
import type { Crew } from "./crew.js";

/** Time enough for an order to reach every agent, and for each of them to hand it on. */
const startDelayNs = 250e6;

/** @param onGap takes what a job lost of its words once it had begun, which then goes on; left out: it is given up */
export function createAgentPool(crew: Crew, onGap?: OnGap): GeneratorPool {
  const busy = new Map<AgentLink, number>();
  const take = (): AgentLink => {
    const free = crew.alive.filter((link) => (busy.get(link) ?? 0) < link.facts.threads);
    // Evenly: the one that has the least to do.
    const [link] = free.sort((a, b) => (busy.get(a) ?? 0) - (busy.get(b) ?? 0));
    if (link === undefined) throw new RangeError("every generator of every agent is busy");
    busy.set(link, (busy.get(link) ?? 0) + 1);
    return link;
  };
  return {
    get threads() {
      return crew.alive.reduce((sum, { facts }) => sum + facts.threads, 0);
    },
    pids: () => [],
    async run(job, signal) {
      const link = take();
      try {
        return await link.run(job, signal, onGap);
      } finally {
        busy.set(link, (busy.get(link) ?? 1) - 1);
      }
    },
    barrier: {
      delayNs: startDelayNs,
      async settle() {
        await Promise.all(crew.alive.map((link) => link.settleClock()));
      },
      skewNs: () => crew.takeSkewNs(),
    },
    // They end with the crew.
    close: () => Promise.resolve(),
  };
}
