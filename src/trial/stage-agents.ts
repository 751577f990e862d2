/**
 * Agents in the place of this machine's generators: what a stage needs to know of them.
 */

import type { Backend } from "../backend/backend-process.js";
import { EnvironmentError, UsageError } from "../base/errors.js";
import type { Crew } from "../cluster/crew.js";
import type { CrewOrder } from "../cluster/gather-crew.js";
import type { MachineLimits } from "../diagnosis/limit.js";
import type { GeneratorPool } from "../load/generator-pool.js";
import type { PlannedArm, Scenario } from "../scenario/scenario.js";
import { hasUnasked } from "../scenario/unasked.js";
import { backendWish } from "./backend-wish.js";
import { routesFor, spareFiles } from "./scale.js";

interface StageAgents {
  readonly crew: Crew;
  readonly pool: GeneratorPool;
}

/** @throws as `gatherCrew`; UsageError where what arms are sent unasked could not be timed */
export async function gatherAgents(
  arms: readonly PlannedArm[],
  order: CrewOrder,
  signal: AbortSignal,
): Promise<StageAgents> {
  const pushed = arms.find(({ workload }) => hasUnasked(workload));
  if (pushed !== undefined)
    throw new UsageError(
      `Cannot time push or fanout of the arm ${pushed.name} from agents, whose clocks are not the backend's: want the load on this machine`,
    );
  // Only runs with agents need a client for NATS.
  const [{ gatherCrew }, { createAgentPool }] = await Promise.all([
    import("../cluster/gather-crew.js"),
    import("../cluster/agent-pool.js"),
  ]);
  const crew = await gatherCrew(order, signal);
  return { crew, pool: createAgentPool(crew) };
}

/** One backend for all arms, on every agent that is there; null when every arm is a URL. @throws as `startAgentBackends` */
export async function startAgentBackend(
  { arms }: Pick<Scenario, "arms">,
  { alive }: Pick<Crew, "alive">,
  limits: MachineLimits,
): Promise<Backend | null> {
  const wanted = backendWish(arms);
  if (wanted === null) return null;
  const most = Math.max(...arms.map(({ workload }) => workload.connections));
  const { startAgentBackends, portsToMix } = await import("../cluster/agent-backend.js");
  const ports = Math.max(portsToMix(alive.length), Math.ceil(routesFor(most, limits) / alive.length));
  return startAgentBackends(alive, { ...wanted, ports });
}

/** What limits the load here does not limit it there. */
export function withoutLoad(limits: MachineLimits): MachineLimits {
  return { ...limits, ephemeralPorts: null, listenBacklog: null, availableBytes: null };
}

/** @throws EnvironmentError where an agent's generators may not have as many open files as their connections need */
export function requireAgentRoom(arms: readonly PlannedArm[], { links }: Pick<Crew, "links">): void {
  const generators = links.reduce((sum, { facts }) => sum + facts.threads, 0);
  const most = Math.max(...arms.map(({ workload }) => workload.connections));
  const each = Math.ceil(most / generators) + spareFiles;
  for (const { facts } of links) {
    if (facts.maxOpenFiles === null || each <= facts.maxOpenFiles) continue;
    throw new EnvironmentError(
      `Cannot open ${most} connections from ${generators} generators: each on ${facts.name} needs ${each} open files and may have ${facts.maxOpenFiles}; want more agents, more --threads, or a higher ulimit -n there`,
    );
  }
}
